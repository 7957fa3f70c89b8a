"""The evening before a day that no recap names."""

from datetime import datetime

from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.nudges.nudge import NudgeKind, plan_nudges
from tests.builders import ARC, FORUM, KEY, MGM, SEC, at, attendee, schedule, session
from tests.fakes.app_harness import AppHarness

TIGHT = session("DAT322", at(10, 20), FORUM, title="One tired query")
FAR = session("NET404", at(11, 25), MGM, title="Packets on foot")
EARLY = session("WRK1", at(10, day=27), MGM, title="A workshop on Saturday")

JOINED = at(7, day=20)
FIRST_DAY = """\
Tomorrow, Monday: 2 sessions in 2 venues (Venetian, Caesars Forum), about 8,500 steps and 6 km on foot.
First: Queues that never sleep (ARC301)
   Mon 29 Nov 09:00-10:00, Venetian, Room ARC301
   300 · Architecture
   Leave MGM Grand by 07:51: 49 min walk to Venetian (enough for 9 in 10, estimate) + 20 min for the walk-up line.
Too short a break
   Your seat in "One tired query" lapses at 10:10. If you stay in "Queues that never sleep" to the end (10:00), you keep it in very few cases.
   "Packets on foot": You can't make it after "One tired query": that ends at 11:20, and you'd arrive at 12:03.
   I'll tell you in time to slip out.
   In the morning I'll ask you which one you choose.
→ /agenda 2021-11-29"""


def planned(*chosen: Attendance, agreed_at: datetime | None = JOINED) -> list[tuple[str, str]]:
    """When the evenings before are announced, in Las Vegas, and which days."""
    who = attendee(stay="MGM Grand", agreed_at=agreed_at)
    made = schedule([ARC, SEC, KEY, EARLY])
    plan = plan_nudges(who, chosen, made, at(8, day=25))
    found = [one for one in plan if one.kind is NudgeKind.EVENING_BEFORE]
    return [(f"{one.due_at.astimezone(made.conference.tz):%a %H:%M}", one.subject) for one in found]


async def test_it_names_the_first_walk_and_the_breaks_that_are_too_short() -> None:
    app = await AppHarness(moment=at(12, day=28)).publish(schedule([ARC, TIGHT, FAR]))
    await app.all("/hotel MGM", "/attend ARC301", "/attend DAT322 reserved", "/attend NET404")
    assert await app.wait(hours=7) == [("Sun 18:00", "ada", "evening-before")]
    assert app.messages() == [FIRST_DAY]


async def test_who_joins_in_that_evening_hears_it_once_their_choices_are_made() -> None:
    app = await AppHarness(moment=at(21, day=28)).publish(schedule([ARC, TIGHT]))
    await app.all("/attend ARC301")
    await app.wait(minutes=8)
    await app.all("/attend DAT322")
    assert await app.wait(hours=1) == [("Sun 21:18", "ada", "evening-before")]
    await app.all("/skip DAT322", "/attend DAT322")
    assert await app.wait(hours=1) == []


async def test_quiet_hours_and_reminders_that_are_off_count_as_for_the_recap() -> None:
    app = await AppHarness(moment=at(12, day=28)).publish()
    await app.all("/hotel MGM", "/nudges 17:00-05:00", "/attend ARC301")
    assert ("Mon 05:00", "ada", "evening-before") in await app.wait(hours=18)
    assert app.messages()[-1].startswith("Today, Monday: 1 session")
    off = await AppHarness(moment=at(12, day=28)).publish()
    await off.all("/attend ARC301", "/nudges off")
    assert await off.wait(hours=24) == []


def test_each_day_without_one_before_it_is_announced_and_no_other() -> None:
    two = (Attendance("arc301"), Attendance("key001"))
    assert planned(*two) == [("Sun 18:00", "2021-11-29")]
    assert planned(*two, Attendance("wrk1")) == [("Fri 18:00", "2021-11-27"), ("Sun 18:00", "2021-11-29")]
    assert planned(Attendance("arc301", Choice.STARRED), Attendance("arc301", Choice.BACKUP)) == []
    assert planned(*two, agreed_at=None) == []


async def test_a_recap_of_yesterday_is_not_followed_by_the_same_for_tomorrow(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301", "/attend KEY001")
    await app.wait(hours=11)
    await app.say("/skip ARC301")
    assert await app.wait(hours=10) == []
