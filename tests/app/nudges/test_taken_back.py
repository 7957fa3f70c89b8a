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
    app = await AppHarness(moment=at(8)).publish(schedule([ARC, SEC, CLASHING]))
    await app.all(*AWAY)
    await app.wait(hours=1, minutes=50)
    for line in lines:
        await app.say(line)
    return app


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
    app = await sent_away(*lines)
    await app.wait(minutes=1)
    assert app.messages()[0] == becomes
    # Once is enough, whatever changes later.
    app.post.sent[0].content = Reply()
    await app.all("/pace slow", "/pace normal")
    await app.wait(hours=3)
    assert app.messages()[0] == ""


async def test_a_message_for_an_own_entry_that_was_removed_is_taken_back() -> None:
    app = await AppHarness(moment=at(8)).publish(schedule([ARC]))
    await app.all("/hotel MGM", "/block 11:00-12:00 Lunch with Ben at Forum")
    await app.wait(hours=2, minutes=10)
    assert [message.splitlines()[0] for message in app.messages()] == [
        'Leave MGM Grand by 10:17 for "Lunch with Ben" at Caesars Forum.'
    ]
    await app.say("/block remove 3")
    await app.wait(minutes=1)
    assert app.messages() == ["No longer needed: you removed this entry from your agenda."]
    app.post.sent[0].content = Reply()
    await app.all("/pace slow", "/pace normal")
    await app.wait(hours=3)
    assert app.messages()[0] == ""


async def test_whoever_comes_back_to_it_at_once_keeps_the_message() -> None:
    app = await sent_away("/skip SEC203", "/attend SEC203")
    await app.wait(minutes=30)
    assert first_lines(app)[0].startswith('Leave MGM Grand by 09:57 for "Keys, locks and doors"')
    assert [message.kind for message in app.post.sent] == ["leave-by"]


async def test_whoever_comes_back_after_it_was_taken_back_hears_again_when_to_leave() -> None:
    app = await sent_away("/here Venetian", "/skip SEC203")
    await app.wait(minutes=5)
    assert first_lines(app) == ['No longer needed: you don\'t go to "Keys, locks and doors" any more.']
    await app.say("/attend SEC203")
    assert await app.wait(hours=1) == [("Mon 10:12", "ada", "leave-by")]
    assert first_lines(app)[1].startswith('Leave Venetian by 10:22 for "Keys, locks and doors"')


async def test_a_message_that_was_deleted_is_not_taken_back_and_nobody_counts_as_unreachable() -> None:
    app = await sent_away("/skip SEC203")
    app.post.faults = [RecipientUnreachableError("gone")]
    await app.wait(hours=3)
    assert "can't" not in await app.say("/nudges")
    assert first_lines(app)[0].startswith("Leave MGM Grand by 09:57")


async def test_a_message_that_cannot_be_edited_at_this_moment_is_taken_back_later() -> None:
    app = await sent_away("/skip SEC203")
    app.post.faults = [TemporaryError("busy")]
    await app.wait(minutes=10)
    assert first_lines(app)[0].startswith("No longer needed:")


async def test_a_message_is_not_taken_back_after_its_session_began_or_was_cancelled() -> None:
    app = await sent_away()
    await change(app, ARC, replace(SEC, state=SessionState.CANCELLED, revision=2))
    await app.say("/skip SEC203")
    await app.wait(minutes=1)
    assert first_lines(app)[0].startswith("Leave MGM Grand by 09:57")
    app = await sent_away()
    await app.wait(hours=2)
    await app.say("/skip SEC203")
    await app.wait(hours=2)
    assert first_lines(app)[0].startswith("Leave MGM Grand by 09:57")
