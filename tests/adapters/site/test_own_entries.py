"""Own entries on the web: in the person's own page and calendars, and nowhere else."""

from icalendar import Calendar

from tests.adapters.site.harness import SiteHarness
from tests.adapters.site.reading import opened
from tests.adapters.site.test_calendar import events, facts
from tests.adapters.site.test_pages import press, publish_page
from tests.builders import at

LUNCH = ("/hotel MGM", "/attend ARC301", "/block 12:00-13:00 lunch with Ana at Forum", "/block 14:00-15:00 call home")


async def test_the_private_page_shows_own_entries_and_removes_them(site: SiteHarness) -> None:
    await site.app.all(*LUNCH)
    secret = await site.secret()
    page = await opened(site, f"/p/{secret}/")
    assert "1 session and 2 own entries" in page.text
    assert "Leave Venetian by 11:42: 18 min walk to Caesars Forum" in page.text
    assert "block:" not in page.text
    links = [link for link in page.links if "block" in link]
    assert len(links) == 2
    assert "lunch with Ana" in (await opened(site, f"/p/{secret}/{links[0]}")).text
    assert page.labels[-2:] == ["Remove: lunch with Ana", "Remove: call home"]
    fields = {name: value for name, value in page.forms[-1].items() if name}
    assert (await press(site, secret, fields)).status == 200
    assert "1 session and 1 own entry" in (await opened(site, f"/p/{secret}/")).text


async def test_nobody_is_on_their_way_to_an_entry_without_a_place(site: SiteHarness) -> None:
    await site.app.say("/block 14:00-15:00 call home")
    page = await opened(site, f"/p/{await site.secret()}/")
    assert page.labels == ["Remove: call home"] * 2


async def test_the_subscribed_calendar_has_own_entries_with_the_moment_to_leave(site: SiteHarness) -> None:
    await publish_page(site)
    await site.app.all(*LUNCH)
    secret = await site.secret()
    found = [event for uid, event in (await events(site, secret)).items() if uid.startswith("block:")]
    assert [facts(event) for event in found] == [
        ("lunch with Ana, leave by 11:42", "CONFIRMED", 0),
        ("call home", "CONFIRMED", 0),
    ]
    assert [(event.decoded("dtstart"), str(event.get("location", ""))) for event in found] == [
        (at(12), "Caesars Forum"),
        (at(14), ""),
    ]
    # Nobody is told to leave for an entry without a place, and the public page has none of them.
    assert [len(event.walk("VALARM")) for event in found] == [1, 0]
    assert [event.get("url") for event in found] == [None, None]
    await site.app.say("/skip lunch")
    after = [event for uid, event in (await events(site, secret)).items() if uid.startswith("block:")]
    assert [str(event["status"]) for event in after] == ["CANCELLED", "CONFIRMED"]


async def test_the_calendar_file_has_own_entries(site: SiteHarness) -> None:
    await site.app.all(*LUNCH)
    (file,) = (await site.app.ask("/agenda calendar")).files
    found = [(str(e["summary"]), str(e.get("location", ""))) for e in Calendar.from_ical(file.data).walk("VEVENT")]
    assert found == [
        ("Queues that never sleep (ARC301)", "Venetian, Room ARC301"),
        ("lunch with Ana", "Caesars Forum"),
        ("call home", ""),
    ]


async def test_an_own_entry_is_on_no_page_and_in_no_calendar_of_anybody_else(site: SiteHarness) -> None:
    community = await publish_page(site)
    await site.app.all("/privacy community", *LUNCH)
    secret = await site.secret()
    (own, _) = [link for link in (await opened(site, f"/p/{secret}/")).links if "block" in link]
    await site.app.talk_to("bob", "/attend ARC301", "/block 10:00-10:30 tea")
    site.app.user = "bob"
    theirs = await site.secret()
    for path in (f"/p/{theirs}/", f"/p/{theirs}/agenda.ics", f"/c/{community}/"):
        answer = await site.get(path)
        assert answer.status == 200
        assert "lunch with Ana" not in answer.text
    assert "tea" in (await site.get(f"/p/{theirs}/agenda.ics")).text
    for path in (f"/p/{theirs}/{own}", f"/c/{community}/{own}"):
        assert (await site.get(path)).status == 404
    assert "lunch" not in await site.app.all("/whosgoing", "/whosgoing ARC301", "/recap group")
