"""The page with the keyboard alone, and as a screen reader has it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.adapters.site.browser import Browser, browsing
from tests.adapters.site.harness import SiteHarness, site_harness
from tests.builders import at

pytestmark = pytest.mark.slow
FOCUSED = "(document.activeElement.name || document.activeElement.innerText || '').trim()"
OUTLINED = "getComputedStyle(document.activeElement).outlineStyle"
NEWS = "document.getElementById('news').innerText"


async def opened(site: SiteHarness, browser: Browser, path: str = "") -> str:
    url = f"{site.url}/p/{await site.secret()}/"
    await browser.open(url + path)
    return url


async def tab_to(browser: Browser, text: str) -> list[str]:
    """Press Tab until something with this text has the focus; return what had it on the way. All of it is outlined."""
    seen: list[str] = []
    while not seen or not seen[-1].startswith(text):
        await browser.type("Tab")
        seen.append(str(await browser.run(FOCUSED)))
        assert await browser.run(OUTLINED) == "solid", seen
        assert len(seen) < 60, seen
    return seen


async def test_a_session_is_looked_for_chosen_looked_at_and_dropped_with_the_keyboard_alone() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser)
        order = await tab_to(browser, "All sessions")
        assert order == ["Skip to the content", "Cloud 21", "q", "Find", "My agenda", "All sessions"]
        site.seconds += 100
        await browser.type("Enter")
        await browser.until("location.pathname.endsWith('/find') && document.readyState === 'complete'")

        # The lists: opened with the space bar, chosen from with an arrow.
        await browser.run("document.querySelector('details').open = false")
        await tab_to(browser, "Narrow it down")
        await browser.type("Space")
        await browser.until("document.querySelector('details').open")
        await tab_to(browser, "venue")
        await browser.type("ArrowDown")
        site.seconds += 100
        await tab_to(browser, "Show")
        await browser.type("Enter")
        await browser.until("location.search.includes('venue=Caesars+Forum')")
        await browser.until("document.readyState === 'complete'")

        await tab_to(browser, "Going")
        site.seconds += 100
        await browser.type("Space")
        await browser.until(f"{NEWS} !== ''")
        # The focus stays in the card, on what can be done now.
        await browser.until("document.querySelector('form[data-change^=\"Not going\"]') !== null")
        site.seconds += 100
        await tab_to(browser, "To my agenda")
        await browser.type("Enter")
        await browser.until("document.querySelector('.timeline') !== null")
        site.seconds += 100
        await tab_to(browser, "Not going")
        await browser.type("Enter")
        await browser.until(f"{NEWS}.includes('off your agenda')")


async def test_the_first_key_leads_past_what_is_the_same_on_every_page() -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.say("/attend ARC301")
        await opened(site, browser)
        await browser.type("Tab")
        assert await browser.run("document.activeElement.getBoundingClientRect().left >= 0")
        await browser.type("Enter")
        await browser.until("document.activeElement.id === 'main'")
        await browser.type("Tab")
        assert await browser.run("document.getElementById('main').contains(document.activeElement)")


async def tree(browser: Browser) -> list[tuple[str, str]]:
    """The roles and names of what a screen reader has."""
    await browser.call("Accessibility.enable")
    nodes: list[dict[str, Any]] = (await browser.call("Accessibility.getFullAXTree"))["nodes"]
    shown = [node for node in nodes if not node.get("ignored")]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in shown]


async def test_a_screen_reader_has_a_name_for_every_part_button_and_picture() -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.all("/hotel MGM", "/attend ARC301", "/attend SEC203", "/attend DAT310")
        await opened(site, browser)
        await browser.until("document.querySelector('.rest') !== null")
        found = await tree(browser)
        named = {"button", "link", "searchbox", "navigation", "region", "heading", "image", "combobox", "checkbox"}
        assert [(role, name) for role, name in found if role in named and not name] == []
        for expected in (
            ("searchbox", "Find sessions"),
            ("navigation", "Pages"),
            ("navigation", "Days"),
            ("main", ""),
            ("heading", "My agenda"),
            ("heading", "Next"),
            ("region", '"Keys, locks and doors" and "Counting to infinity" clash: which one?'),
            ("button", "Not going: Queues that never sleep"),
            ("image", "Map of the venues. My way: Venetian, Caesars Forum"),
            ("status", ""),
        ):
            assert expected in found, expected
        buttons = [name for role, name in found if role == "button" and ": " in name]
        # The next session stands at the top and in the timeline; each of both has its buttons once.
        assert {name: buttons.count(name) for name in buttons if buttons.count(name) > 2} == {}


async def test_a_screen_reader_hears_news_and_not_the_clock() -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.all("/hotel MGM", "/attend ARC301")
        site.app.clock.move_to(at(7, 30))
        await opened(site, browser)
        await browser.until("document.querySelector('.rest') !== null")
        live = (
            "[...document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=timer]')].map((e) => e.id)"
        )
        assert await browser.run(live) == ["news"]
        assert not await browser.run("document.querySelector('.countdown').closest('[aria-live], [role=status]')")
        assert await browser.run(NEWS) == ""
        # As long as nothing changed, the page is renewed without a word.
        site.seconds += 100
        await browser.run("document.dispatchEvent(new Event('visibilitychange'))")
        await browser.until(
            "performance.getEntriesByType('resource').filter((e) => e.initiatorType === 'fetch').length > 1"
        )
        assert await browser.run(NEWS) == ""


LANGUAGES = [
    ("de", "Mo., 29. Nov.", "09:00", "Di., 30. Nov."),
    ("ja", "11月29日(月)", "09:00", "11月30日(火)"),
    ("ar", "الاثنين، 29 نوفمبر", "9:00 ص", "الثلاثاء، 30 نوفمبر"),
    ("en-US", "Mon, Nov 29", "9:00 AM", "Tue, Nov 30"),
]


@pytest.mark.parametrize(("locale", "monday", "nine", "tuesday"), LANGUAGES)
async def test_dates_and_the_clock_are_those_of_the_persons_language(
    locale: str, monday: str, nine: str, tuesday: str
) -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.all("/attend ARC301", "/attend KEY001", "/attend SEC203")
        async with site.app.store.write_transaction() as work:
            ada = await work.people.find("console", "club", "ada")
            assert ada
            await work.people.save(replace(ada, locale=locale))
        await opened(site, browser)
        assert (await browser.run("document.getElementById('day').innerText")).replace("\u200f", "") == monday
        days = await browser.run("[...document.querySelectorAll('.days a')].map((e) => e.innerText)")
        assert [day.replace("\u200f", "") for day in days] == [monday, tuesday]
        times = await browser.run("[...document.querySelectorAll('.timeline .card time')].map((e) => e.innerText)")
        assert times[0].replace("\u202f", " ").replace("\u200f", "") == nine
        # Text of another direction stands apart: the sentence around it is English.
        assert await browser.run("getComputedStyle(document.querySelector('time')).unicodeBidi") == "isolate"
        assert await browser.run("document.querySelector('.timeline time').lang") == locale


async def test_a_clock_that_somebody_chose_goes_before_that_of_their_language() -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.all("/timezone 12h", "/attend ARC301")
        await opened(site, browser)
        first = await browser.run("document.querySelector('.timeline .card time').innerText")
        assert first.replace("\u202f", " ").casefold() == "9:00 am"
