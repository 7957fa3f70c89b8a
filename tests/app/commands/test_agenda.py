"""`/agenda`."""

from dataclasses import replace

from icalendar import Calendar

from bot.domain.schedule.session import SessionState
from tests.builders import ARC, DAT, KEY, SEC, at, schedule
from tests.fakes.app_harness import AppHarness


async def test_a_day_with_its_ways_gaps_overlaps_and_backups(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301 reserved", "/attend SEC203", "/attend DAT310-R backup of SEC203")
    assert await app.say("/agenda") == (
        "Mon 29 Nov: 2 sessions, about 8,500 steps on the way.\n"
        "Then home: 43 min walk from Caesars Forum to MGM Grand (enough for 9 in 10, estimate).\n"
        "1. Queues that never sleep (ARC301)\n"
        "   09:00-10:00, Venetian, Room ARC301\n"
        "   300 · Architecture\n"
        "   Leave MGM Grand by 08:01: 49 min walk to Venetian (enough for 9 in 10, estimate) + 10 min for check-in.\n"
        "   Your reserved seat lapses at 08:50.\n"
        "2. Keys, locks and doors (SEC203)\n"
        "   11:00-12:00, Caesars Forum, Room SEC203\n"
        "   200 · Security · recorded\n"
        "   Leave Venetian by 10:22: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line.\n"
        "Free time\n"
        "   10:00-10:22, 22 min, then number 2\n"
        "Backups\n"
        "   Counting to infinity (DAT310-R), 15:00-16:00, MGM Grand\n"
        "→ Show the next walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
        "&route=36.102487,-115.169914;36.121638,-115.169601\n"
        "→ /agenda calendar"
    )


async def test_another_day_and_an_empty_one(app: AppHarness) -> None:
    await app.all("/attend ARC301", "/attend KEY001")
    assert (await app.say("/agenda tuesday")).startswith("Tue 30 Nov: 1 session")
    assert (await app.say("/agenda day 2")).startswith("Tue 30 Nov: 1 session")
    assert await app.say("/agenda friday") == (
        "Nothing on your agenda on Fri 3 Dec. Find sessions with /find.\n→ /agenda 2021-11-29 · /agenda 2021-11-30"
    )


async def test_without_a_day_it_is_the_next_that_has_something(app: AppHarness) -> None:
    assert (await app.all("/attend KEY001", "/agenda")).startswith("Tue 30 Nov: 1 session")


async def test_as_a_calendar_file_it_has_one_event_for_each_session(app: AppHarness) -> None:
    await app.all("/attend ARC301", "/attend KEY001", "/attend DAT310 backup of ARC301")
    reply = await app.ask("/agenda calendar")
    assert app.text(reply).startswith("2 sessions for your calendar. Open the file to add them.")
    (file,) = reply.files
    assert (file.name, file.media_type) == ("cloud21-agenda.ics", "text/calendar")
    events = Calendar.from_ical(file.content).walk("VEVENT")
    assert [(str(e["uid"]), str(e["summary"]), e.decoded("dtstart")) for e in events] == [
        ("arc301@cloud21.hallway", "Queues that never sleep (ARC301)", at(9)),
        ("key001@cloud21.hallway", str(events[1]["summary"]), events[1].decoded("dtstart")),
    ]
    (monday,) = (await app.ask("/agenda monday calendar")).files
    assert monday.content.count("BEGIN:VEVENT") == 1
    assert "Find sessions with /find" in await app.say("/agenda friday calendar")


async def test_what_is_off_is_shown_and_not_gone_to(app: AppHarness) -> None:
    await app.all("/attend ARC301", "/attend SEC203", "/attend KEY001")
    off, gone = replace(ARC, state=SessionState.CANCELLED), replace(KEY, state=SessionState.UNLISTED)
    await app.publish(schedule((off, SEC, DAT, gone), conference=replace(schedule().conference, revision=2)))
    assert (await app.say("/agenda monday")).splitlines()[-4:-2] == [
        "Not taking place",
        "   Queues that never sleep (ARC301) (cancelled), 09:00-10:00, Venetian",
    ]
    assert await app.say("/agenda tuesday") == (
        "Nothing left on Tue 30 Nov.\n"
        "Not taking place\n"
        "   Opening keynote (KEY001) (no longer in the schedule), 08:30-09:30, MGM Grand\n"
        "→ /agenda 2021-11-29 · /agenda calendar"
    )
