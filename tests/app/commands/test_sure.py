"""`/sure`."""

from bot.domain.travel.way import LegSource, Way
from tests.builders import at, schedule
from tests.fakes.app_harness import AppHarness

WAYS = (Way("MGM Grand", "Venetian", 40, LegSource.ORGANIZER, p90=52),)


async def test_it_is_shown_and_set_with_what_it_costs(app: AppHarness) -> None:
    assert await app.say("/sure") == (
        "The minutes I tell you for a walk are enough for 9 in 10.\n"
        "The surer you want to be, the earlier you leave, and the more often you wait.\n"
        "→ /sure 75 · /sure 97"
    )
    assert (await app.say("/sure 75")).startswith("The minutes I tell you for a walk are enough for 3 in 4.")


async def test_who_wants_to_be_surer_leaves_earlier() -> None:
    app = await AppHarness(moment=at(7)).publish(schedule(ways=WAYS))
    await app.all("/hotel MGM", "/attend ARC301 reserved")
    leaves = [await app.all(f"/sure {share}", "/session ARC301") for share in (75, 90, 97)]
    assert [text.partition("Leave MGM Grand by ")[2].partition(" + ")[0] for text in leaves] == [
        "08:04: 46 min walk to Venetian (enough for 3 in 4, set by the organizers)",
        "07:58: 52 min walk to Venetian (enough for 9 in 10, set by the organizers)",
        "07:51: 59 min walk to Venetian (enough for 97 in 100, set by the organizers)",
    ]
