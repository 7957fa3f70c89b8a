"""The question at the promised moment of arrival."""

import pytest

from bot.app.ports import Promise
from bot.domain.walks.walk import WalkOutcome
from tests.builders import at
from tests.fakes.app_harness import AppHarness
from tests.support.taps import LEG, arrive, leave, promises, walked


async def asked(talk: AppHarness, until: float = 30) -> list[str]:
    """The minutes after 10:20 at which the question came."""
    sent = await talk.wait(minutes=until)
    return [when for when, _, kind in sent if kind == "arrival"]


async def test_at_the_promised_moment_one_question_is_asked(talk: AppHarness) -> None:
    await leave(talk)
    assert await asked(talk) == ["Mon 10:38"]
    (message,) = [sent.content for sent in talk.post.sent if sent.kind == "arrival"]
    assert [button.line for button in message.buttons] == ["/here Caesars Forum", "/onmyway SEC203 walking"]


async def test_not_yet_is_a_lower_bound_and_no_other_question_follows(talk: AppHarness) -> None:
    await leave(talk)
    assert await asked(talk, 18) == ["Mon 10:38"]
    told = await talk.say("/onmyway SEC203 walking")
    assert told == (
        "Thanks. The next people who go there get more time.\n"
        '"Keys, locks and doors" starts at 11:00.\n'
        "→ /here Caesars Forum"
    )
    assert await walked(talk) == [(LEG, WalkOutcome.NOT_YET, 36)]
    assert await asked(talk, 60) == []
    await arrive(talk, 24)
    assert await walked(talk) == [(LEG, WalkOutcome.ARRIVED, 48)]
    assert await promises(talk) == [Promise(LEG, at(10), followed=1, late=1, minutes=18)]


@pytest.mark.parametrize("before", ["/here Forum", "/nudges off", "/skip SEC203"])
async def test_nobody_is_asked_who_is_there_wants_no_messages_or_goes_elsewhere(talk: AppHarness, before: str) -> None:
    await leave(talk)
    talk.clock.move_to(at(10, 30))
    await talk.say(before)
    assert await asked(talk, 60) == []


async def test_nobody_is_asked_who_did_not_say_that_they_left(talk: AppHarness) -> None:
    await talk.all("/hotel Venetian", "/attend SEC203")
    assert [kind for _, _, kind in await talk.wait(hours=4)] == ["leave-by"]
