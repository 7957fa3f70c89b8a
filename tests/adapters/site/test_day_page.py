"""The day as a timeline: the way to each stop, free time between them, clashes one by one, and the map of the same way."""

import re

from bot.app.pages import day_view
from bot.app.pages.visits import Visits
from tests.adapters.site.harness import SiteHarness
from tests.adapters.site.reading import Page, opened
from tests.builders import at


def rows(page: Page) -> list[str]:
    """The kind of each row of the timeline, in order."""
    return [str(values["class"]) for tag, values in page.tags if tag == "li" and values.get("class")]


async def test_the_timeline_has_the_way_to_each_stop_the_free_time_between_and_the_way_home(site: SiteHarness) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301 reserved", "/attend SEC203")
    page = await opened(site, f"/p/{await site.secret()}/")
    assert rows(page) == ["walk", "stop", "free", "walk", "stop", "walk"]
    found = [
        "Leave MGM Grand by 08:01: 49 min walk to Venetian",
        "Queues that never sleep ARC301 09:00-10:00",
        "Free 10:00-10:22, 22 min What fits?",
        "Leave Venetian by 10:22: 18 min walk to Caesars Forum",
        "Keys, locks and doors SEC203 11:00-12:00",
        "Then home: 43 min walk from Caesars Forum to MGM Grand",
    ]
    timeline = page.text.partition("2 sessions")[2]
    assert [timeline.index(text) for text in found] == sorted(timeline.index(text) for text in found)


async def test_what_fits_into_free_time_is_one_link_away(site: SiteHarness) -> None:
    await site.app.all("/attend ARC301", "/attend DAT310-R", "/block 13:30-14:00 tea")
    secret = await site.secret()
    page = await opened(site, f"/p/{secret}/")
    (link, *_) = [link for link in page.links if "free+for+me" in link]
    found = await opened(site, f"/p/{secret}/{link.removeprefix('./')}")
    assert "Keys, locks and doors (SEC203)" in found.text
    assert "Opening keynote" not in found.text


async def test_each_clash_has_its_own_question_with_whole_titles(site: SiteHarness) -> None:
    await site.app.all("/attend SEC203", "/attend DAT310", "/block 09:00-10:00 call home", "/attend ARC301")
    page = await opened(site, f"/p/{await site.secret()}/")
    asked = re.findall(r"\"[^?]* clash: which one\?", page.text)
    assert len(asked) == 2
    labels = [label for label in page.labels if "instead" in label or label in ("Keys, locks and doors", "call home")]
    assert labels == ["call home", "Keys, locks and doors", "Counting to infinity, Mon 15:00 instead"]


async def test_the_map_has_the_numbers_of_the_list_and_the_way_from_and_to_the_hotel(site: SiteHarness) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301", "/attend SEC203", "/attend DAT310", "/attend DAT310-R")
    secret = await site.secret()
    visit = await Visits(site.app.store, site.app.dispatch.schedules).find(secret)
    assert visit
    view = day_view(visit, at(8))
    assert [(stop.session.code, stop.number) for stop in view.stops if stop.assumed] == [
        ("ARC301", 1),
        ("SEC203", 2),
        ("DAT310-R", 4),
    ]
    assert {venue.name: venue.numbers for venue in view.venues} == {
        "Venetian": (1,),
        "Caesars Forum": (2,),
        "MGM Grand": (4,),
    }
    spots = {venue.at: venue.name for venue in view.venues}
    assert [tuple(spots[point] for point in line) for line in view.path] == [
        ("MGM Grand", "Venetian"),
        ("Venetian", "Caesars Forum"),
        ("Caesars Forum", "MGM Grand"),
    ]


async def test_what_is_on_now_says_nothing_about_leaving_for_it(site: SiteHarness) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301")
    site.app.clock.move_to(at(9, 30))
    page = await opened(site, f"/p/{await site.secret()}/")
    now = page.text.partition(" Now ")[2].partition("Mon 29 Nov")[0]
    assert "09:00-10:00, Venetian, Room ARC301" in now
    assert "Leave MGM Grand" not in now
