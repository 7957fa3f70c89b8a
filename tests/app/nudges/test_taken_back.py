"""A leave-by message whose session is no longer planned is taken back, where it was sent."""

from dataclasses import replace

import pytest

from bot.app.messages import Reply
from bot.app.ports import RecipientUnreachableError, TemporaryError
from bot.domain.schedule.session import SessionState
from tests.app.nudges.test_new_facts import AWAY, change, first_lines
from tests.builders import ARC, FORUM, SEC, at, schedule, session
from tests.fakes.app_harness import AppHarness

CLASHING = session("WRK100", at(11), FORUM, title="Sorting socks")


async def sent_away(*lines: str) -> AppHarness:
    """Somebody who was told at 09:47 to leave MGM Grand by 09:57 for SEC203, and then types `lines`."""
    talk = await AppHarness(moment=at(8)).publish(schedule([ARC, SEC, CLASHING]))
    await talk.all(*AWAY)
    await talk.wait(hours=1, minutes=50)
    for line in lines:
        await talk.say(line)
    return talk


@pytest.mark.parametrize(
    ("lines", "becomes"),
    [
        (
            ("/attend WRK100", "/attend WRK100 only"),
            'Replaced: you go to "Sorting socks", not to "Keys, locks and doors".',
        ),
        (("/attend WRK100 reserved",), 'Replaced: you go to "Sorting socks", not to "Keys, locks and doors".'),
        (("/skip SEC203",), 'No longer needed: you don\'t go to "Keys, locks and doors" any more.'),
    ],
    ids=["only", "reserved", "skip"],
)
async def test_a_message_for_a_session_that_is_no_longer_planned_is_taken_back(
    lines: tuple[str, ...], becomes: str
) -> None:
    talk = await sent_away(*lines)
    await talk.wait(minutes=1)
    assert talk.letters()[0] == becomes
    # Once is enough, whatever changes later.
    talk.post.sent[0].content = Reply()
    await talk.all("/pace slow", "/pace normal")
    await talk.wait(hours=3)
    assert talk.letters()[0] == ""


async def test_a_message_for_an_own_entry_that_was_removed_is_taken_back() -> None:
    talk = await AppHarness(moment=at(8)).publish(schedule([ARC]))
    await talk.all("/hotel MGM", "/block 11:00-12:00 Lunch with Ben at Forum")
    await talk.wait(hours=2, minutes=10)
    assert [letter.splitlines()[0] for letter in talk.letters()] == [
        'Leave MGM Grand by 10:17 for "Lunch with Ben" at Caesars Forum.'
    ]
    await talk.say("/block remove 3")
    await talk.wait(minutes=1)
    assert talk.letters() == ["No longer needed: you removed this entry from your agenda."]
    talk.post.sent[0].content = Reply()
    await talk.all("/pace slow", "/pace normal")
    await talk.wait(hours=3)
    assert talk.letters()[0] == ""


async def test_whoever_comes_back_to_it_at_once_keeps_the_message() -> None:
    talk = await sent_away("/skip SEC203", "/attend SEC203")
    await talk.wait(minutes=30)
    assert first_lines(talk)[0].startswith('Leave MGM Grand by 09:57 for "Keys, locks and doors"')
    assert [each.kind for each in talk.post.sent] == ["leave-by"]


async def test_whoever_comes_back_after_it_was_taken_back_hears_again_when_to_leave() -> None:
    talk = await sent_away("/here Venetian", "/skip SEC203")
    await talk.wait(minutes=5)
    assert first_lines(talk) == ['No longer needed: you don\'t go to "Keys, locks and doors" any more.']
    await talk.say("/attend SEC203")
    assert await talk.wait(hours=1) == [("Mon 10:12", "ada", "leave-by")]
    assert first_lines(talk)[1].startswith('Leave Venetian by 10:22 for "Keys, locks and doors"')


async def test_a_message_that_was_deleted_is_not_taken_back_and_nobody_counts_as_unreachable() -> None:
    talk = await sent_away("/skip SEC203")
    talk.post.faults = [RecipientUnreachableError("gone")]
    await talk.wait(hours=3)
    assert "can't" not in await talk.say("/nudges")
    assert first_lines(talk)[0].startswith("Leave MGM Grand by 09:57")


async def test_a_message_that_cannot_be_edited_at_this_moment_is_taken_back_later() -> None:
    talk = await sent_away("/skip SEC203")
    talk.post.faults = [TemporaryError("busy")]
    await talk.wait(minutes=10)
    assert first_lines(talk)[0].startswith("No longer needed:")


async def test_a_message_is_not_taken_back_after_its_session_began_or_was_cancelled() -> None:
    talk = await sent_away()
    await change(talk, ARC, replace(SEC, state=SessionState.CANCELLED, revision=2))
    await talk.say("/skip SEC203")
    await talk.wait(minutes=1)
    assert first_lines(talk)[0].startswith("Leave MGM Grand by 09:57")
    talk = await sent_away()
    await talk.wait(hours=2)
    await talk.say("/skip SEC203")
    await talk.wait(hours=2)
    assert first_lines(talk)[0].startswith("Leave MGM Grand by 09:57")
