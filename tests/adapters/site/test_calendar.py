"""The calendar at a private address, read back by two libraries."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from bot.domain.attendee.calendar_state import CANCELLED_SHOWN_FOR, ShownEvent, advanced
from bot.domain.attendee.private_address import CalendarEvent
from bot.domain.schedule.session import SessionState
from tests.adapters.site.harness import SiteHarness, site_harness
from tests.builders import ARC, DAT, KEY, SEC, at, schedule
from tests.stores import new_store


async def feed(site: SiteHarness, secret: str, name: str = "agenda.ics") -> str:
    answer = await site.get(f"/p/{secret}/{name}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return answer.text


async def events(site: SiteHarness, secret: str, name: str = "agenda.ics") -> dict[str, Any]:
    parsed = Calendar.from_ical(await feed(site, secret, name))
    return {str(event["uid"]).partition("@")[0]: event for event in parsed.walk("VEVENT")}


def facts(event: Any) -> tuple[str, str, int]:
    return str(event["summary"]), str(event["status"]), int(event["sequence"])


async def test_a_session_has_its_time_place_position_and_moment_to_leave(site: SiteHarness) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301 reserved", "/attend SEC203")
    text = await feed(site, await site.secret())
    event = {str(e["uid"]): e for e in Calendar.from_ical(text).walk("VEVENT")}["sec203@cloud21.hallway"]
    assert facts(event) == ("Keys, locks and doors (SEC203), leave by 10:22", "CONFIRMED", 0)
    assert event["dtstart"].params["TZID"] == "America/Los_Angeles"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (at(11), at(12))
    assert str(event["location"]) == "Caesars Forum, Room SEC203"
    assert event["geo"].to_ical() == "36.11837;-115.16628"
    assert event["x-apple-structured-location"].params["X-TITLE"] == "Caesars Forum"
    assert str(event["description"]).startswith("Leave Venetian by 10:22: 18 min walk to Caesars Forum")
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(minutes=38)
    assert str(alarm["description"]).startswith("Leave Venetian by 10:22")
    for line in (
        "BEGIN:VTIMEZONE\r\nTZID:America/Los_Angeles",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n",
        "X-PUBLISHED-TTL:PT1H\r\n",
        "X-WR-CALNAME:My agenda: Cloud 21\r\n",
        "METHOD:PUBLISH\r\n",
    ):
        assert line in text


async def test_another_library_reads_the_same(site: SiteHarness) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301 reserved", "/attend SEC203")
    secret = await site.secret()
    await site.app.say("/skip ARC301")
    read = IcsCalendarStream.calendar_from_ics(await feed(site, secret, "agenda-with-walks.ics"))
    assert [(event.summary, event.dtstart) for event in read.events] == [
        ("43 min walk to Caesars Forum", at(9, 57)),
        ("Keys, locks and doors (SEC203), leave by 09:57", at(11)),
    ]
    assert {event.uid for event in read.events} >= {"sec203@cloud21.hallway", "walk.sec203@cloud21.hallway"}


async def test_what_changes_gets_the_next_sequence_and_what_is_gone_is_cancelled(site: SiteHarness) -> None:
    await site.app.all("/attend ARC301", "/attend SEC203")
    secret = await site.secret()
    before = await feed(site, secret)
    assert await feed(site, secret) == before
    site.app.clock.move_to(at(8, 30))
    await site.app.all("/skip SEC203", "/hotel MGM")
    after = await events(site, secret)
    assert facts(after["sec203"]) == ("Keys, locks and doors (SEC203), leave by 10:22", "CANCELLED", 1)
    assert (str(after["sec203"]["transp"]), after["sec203"].walk("VALARM")) == ("TRANSPARENT", [])
    assert facts(after["arc301"]) == ("Queues that never sleep (ARC301), leave by 07:51", "CONFIRMED", 1)
    assert int(after["arc301"]["sequence"]) == 1
    await site.app.say("/attend SEC203")
    assert facts((await events(site, secret))["sec203"])[1:] == ("CONFIRMED", 2)


async def test_a_session_that_is_cancelled_or_vanishes_is_cancelled_in_the_calendar(site: SiteHarness) -> None:
    await site.app.all("/attend ARC301", "/attend KEY001", "/attend SEC203")
    secret = await site.secret()
    await feed(site, secret)
    off, gone = replace(ARC, state=SessionState.CANCELLED), replace(KEY, state=SessionState.UNLISTED)
    await site.app.publish(schedule((off, SEC, DAT, gone), conference=replace(schedule().conference, revision=2)))
    after = await events(site, secret)
    assert {uid: str(event["status"]) for uid, event in after.items()} == {
        "arc301": "CANCELLED",
        "key001": "CANCELLED",
        "sec203": "CONFIRMED",
    }


async def test_of_sessions_that_clash_the_one_that_is_not_planned_is_tentative_and_has_no_alarm(
    site: SiteHarness,
) -> None:
    await site.app.all("/attend SEC203", "/attend DAT310")
    found = await events(site, await site.secret())
    assert {uid: (str(e["status"]), len(e.walk("VALARM"))) for uid, e in found.items()} == {
        "sec203": ("CONFIRMED", 1),
        "dat310": ("TENTATIVE", 0),
    }
    assert str(found["dat310"]["summary"]) == "Counting to infinity (DAT310)"


async def test_walks_are_events_of_their_own_only_in_the_calendar_that_has_them(site: SiteHarness) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
    secret, named = await site.secret(), "agenda-with-walks.ics"
    walks = {uid: e for uid, e in (await events(site, secret, named)).items() if uid.startswith("walk.")}
    assert {uid: (facts(e), e.decoded("dtstart"), e.decoded("dtend")) for uid, e in walks.items()} == {
        "walk.arc301": (("49 min walk to Venetian", "CONFIRMED", 0), at(7, 51), at(8, 40)),
        "walk.sec203": (("18 min walk to Caesars Forum", "CONFIRMED", 0), at(10, 22), at(10, 40)),
    }
    await site.app.say("/skip SEC203")
    assert set(await events(site, secret)) == {"arc301", "sec203"}
    again = await events(site, secret, named)
    assert facts(again["walk.sec203"]) == ("18 min walk to Caesars Forum", "CANCELLED", 1)


async def test_an_unchanged_calendar_is_not_sent_again(site: SiteHarness) -> None:
    await site.app.say("/attend ARC301")
    path = f"/p/{await site.secret()}/agenda.ics"
    first = await site.get(path)
    for sent in (first.headers["ETag"], first.headers["ETag"].removeprefix("W/"), f'"x", {first.headers["ETag"]}', "*"):
        again = await site.get(path, **{"If-None-Match": sent})
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert again.headers["Cache-Control"] == "no-store"
    await site.app.say("/attend SEC203")
    assert (await site.get(path, **{"If-None-Match": first.headers["ETag"]})).status == 200


NASTY = "Ünïcode 🎉 " * 12 + "; DROP, \\n BEGIN:VEVENT\r\nUID:evil\r\n\x07\u202eesrever"


async def test_lines_have_at_most_75_octets_and_no_text_of_others_is_syntax(site: SiteHarness) -> None:
    nasty = replace(ARC, title=NASTY, room="日本語" * 30, abstract=NASTY * 200, speakers=(NASTY,))
    await site.app.publish(schedule((nasty, SEC), conference=replace(schedule().conference, revision=2)))
    await site.app.say("/attend ARC301")
    text = await feed(site, await site.secret())
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()
        assert b"\n" not in line
        assert b"\r" not in line
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert str(event["uid"]) == "arc301@cloud21.hallway"
    assert str(event["summary"]).startswith("Ünïcode 🎉")
    assert "\u202e" not in text
    assert len(str(event["description"])) <= 4_100
    assert len(IcsCalendarStream.calendar_from_ics(text).events) == 1


async def test_an_empty_agenda_is_an_empty_calendar_and_no_fault(site: SiteHarness) -> None:
    secret = await site.secret()
    assert await events(site, secret) == {}
    async with site.app.store.write_transaction() as work:
        await work.conferences.delete("cloud21")
    assert await events(site, secret) == {}


async def test_the_same_with_a_database(tmp_path: Path) -> None:
    async with new_store("sqlite", tmp_path, "") as store, site_harness(store) as site:
        await site.app.all("/attend ARC301", "/attend SEC203")
        secret = await site.secret()
        await feed(site, secret)
        await site.app.say("/skip ARC301")
        assert {uid: facts(e)[1:] for uid, e in (await events(site, secret)).items()} == {
            "arc301": ("CANCELLED", 1),
            "sec203": ("CONFIRMED", 1),
        }


SHOWN = ShownEvent("d", at(9), at(10), "Queues")
KNOWN = CalendarEvent("d", 4, at(8), at(9), at(10), "Queues")


def test_a_cancellation_is_kept_for_a_month_and_then_forgotten() -> None:
    gone = advanced({"a": KNOWN}, {}, at(9), with_walks=True)
    assert gone == {"a": replace(KNOWN, sequence=5, changed_at=at(9), cancelled=True)}
    assert advanced(gone, {}, at(10) + CANCELLED_SHOWN_FOR, with_walks=True) == gone
    assert advanced(gone, {}, at(10, 1) + CANCELLED_SHOWN_FOR, with_walks=True) == {}
    assert advanced({"a": KNOWN}, {"a": SHOWN}, at(12), with_walks=False) == {"a": KNOWN}
    assert advanced({"walk.a": KNOWN}, {}, at(12), with_walks=False) == {"walk.a": KNOWN}
