"""The question at the promised moment of arrival."""

import pytest

from bot.app.ports import Promise
from bot.domain.walks.walk import WalkOutcome
from tests.builders import at
from tests.fakes.app_harness import AppHarness
from tests.support.taps import LEG, arrive, leave, promises, walked


async def asked(app: AppHarness, until: float = 30) -> list[str]:
    """The minutes after 10:20 at which the question came."""
    sent = await app.wait(minutes=until)
    return [when for when, _, kind in sent if kind == "arrival"]


async def test_at_the_promised_moment_one_question_is_asked(app: AppHarness) -> None:
    await leave(app)
    assert await asked(app) == ["Mon 10:38"]
    (message,) = [sent.content for sent in app.post.sent if sent.kind == "arrival"]
    assert [button.line for button in message.buttons] == ["/here Caesars Forum", "/onmyway SEC203 walking"]


async def test_not_yet_is_a_lower_bound_and_no_other_question_follows(app: AppHarness) -> None:
    await leave(app)
    assert await asked(app, 18) == ["Mon 10:38"]
    answer = await app.say("/onmyway SEC203 walking")
    assert answer == (
        "Thanks. The next people who go there get more time.\n"
        '"Keys, locks and doors" starts at 11:00.\n'
        "→ /here Caesars Forum"
    )
    assert await walked(app) == [(LEG, WalkOutcome.NOT_YET, 36)]
    assert await asked(app, 60) == []
    await arrive(app, 24)
    assert await walked(app) == [(LEG, WalkOutcome.ARRIVED, 48)]
    assert await promises(app) == [Promise(LEG, at(10), followed=1, late=1, minutes=18)]


@pytest.mark.parametrize("before", ["/here Forum", "/nudges off", "/skip SEC203"])
async def test_nobody_is_asked_who_is_there_wants_no_messages_or_goes_elsewhere(app: AppHarness, before: str) -> None:
    await leave(app)
    app.clock.move_to(at(10, 30))
    await app.say(before)
    assert await asked(app, 60) == []


async def test_nobody_is_asked_who_did_not_say_that_they_left(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    assert [kind for _, _, kind in await app.wait(hours=4)] == ["leave-by"]
