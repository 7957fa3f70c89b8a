"""The notice to organizers that the source of the schedule works again."""

from tests.app.nudges.test_schedule_failing import failing, passing
from tests.fakes.app_harness import AppHarness

MESSAGE = "I can update the schedule of Cloud 21 again, after failures since Mon 29 Nov 08:11.\n→ /schedule status"


async def test_who_heard_of_an_outage_hears_of_its_end(app: AppHarness) -> None:
    await failing(app, 4)
    sent = [("Mon 08:13", "ada", "schedule-failing"), ("Mon 08:25", "ada", "schedule-recovered")]
    assert await passing(app, 120) == sent
    assert app.messages()[-1] == MESSAGE


async def test_an_end_and_a_new_beginning_are_not_mixed_up(app: AppHarness) -> None:
    await failing(app, 4)
    await passing(app, 30)
    await failing(app, 3)
    assert [kind for _, _, kind in await passing(app, 60)] == ["schedule-failing", "schedule-recovered"]
