"""The page in a real browser: live, with the keyboard, without a network, and in each size and colour scheme."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.site.browser import Browser, browsing
from tests.adapters.site.harness import SiteHarness, site_harness
from tests.builders import ARC, DAT, KEY, SEC, at, schedule

PICTURES = os.environ.get("HALLWAY_PICTURES", "")
"""A folder in which the pictures are kept, to be looked at."""
pytestmark = pytest.mark.slow


async def page(site: SiteHarness, browser: Browser) -> str:
    url = f"{site.url}/p/{await site.secret()}/"
    await browser.open(url)
    return url


async def agenda(site: SiteHarness) -> list[str]:
    async with site.app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada
        return [attendance.session for attendance in await work.attendances.of_attendee(ada.id, "cloud21")]


def passing(site: SiteHarness) -> None:
    """The caches and limits of the server see the time pass."""
    site.seconds += 100


async def press(browser: Browser, change: str) -> None:
    await browser.run(f"document.querySelector('form[data-change=\"{change}\"] button').click()")


async def test_a_day_on_the_page_with_a_network_that_comes_and_goes() -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.all("/hotel MGM", "/attend ARC301")
        url = await page(site, browser)
        # The countdown follows the clock of the server, which stands still in 2021.
        await browser.until("document.querySelector('.rest') !== null")
        assert await browser.run("document.querySelector('.rest').textContent") == ": 9 min ago. Leave now!"

        # A change with a network.
        await browser.open(f"{url}find?q=keys")
        passing(site)
        await press(browser, "Going: Keys, locks and doors (SEC203)")
        await browser.until(
            "document.getElementById('news').innerText.includes('Leave by') || document.getElementById('news').innerText.includes('SEC203')"
        )
        assert await agenda(site) == ["arc301", "sec203"]

        # The schedule changes while the page is open.
        passing(site)
        await browser.open(url)
        await browser.until("navigator.serviceWorker.ready.then(() => true)")
        moved = replace(SEC, room="Another room", revision=2)
        await site.app.publish(schedule((ARC, moved, DAT, KEY), conference=replace(schedule().conference, revision=2)))
        passing(site)
        await browser.run("document.dispatchEvent(new Event('visibilitychange'))")
        await browser.until("document.body.innerText.includes('Another room')")

        # The network is gone: the page opens, says how old it is, and keeps a change.
        await browser.open(f"{url}?day=2021-11-29")
        await browser.until("document.body.innerText.includes('Another room')")
        site.is_cut = True
        await browser.open(url)
        await browser.until("document.body.innerText.includes('Queues that never sleep')")
        await browser.until("document.getElementById('age').innerText.startsWith('No network. Shown as of')")
        await press(browser, "Not going: Queues that never sleep")
        await browser.until(
            "document.getElementById('news').innerText.includes('I store this change and send it later')"
        )
        assert await agenda(site) == ["arc301", "sec203"]
        await browser.open(url)
        await browser.until("document.body.innerText.includes('(waits)')")

        # The network is back: the change is sent, and the page says so.
        passing(site)
        site.is_cut = False
        await browser.run("dispatchEvent(new Event('online'))")
        await browser.until("document.getElementById('news').innerText.includes('off your agenda')")
        assert await agenda(site) == ["sec203"]
        assert await browser.run("Object.keys(localStorage).filter((name) => name.startsWith('hallway:')).length") == 0
        faults = [event for event in browser.events if event.get("method") == "Runtime.exceptionThrown"]
        assert faults == []


async def test_a_change_that_is_impossible_by_the_time_of_the_network_is_said_to_be_not_done() -> None:
    async with site_harness() as site, browsing() as browser:
        url = await page(site, browser)
        await browser.open(f"{url}find?q=queues")
        await browser.until("navigator.serviceWorker.ready.then(() => true)")
        site.is_cut = True
        await press(browser, "Going: Queues that never sleep (ARC301)")
        await browser.until("document.getElementById('news').innerText.includes('send it later')")
        site.app.clock.move_to(at(12))
        passing(site)
        site.is_cut = False
        await browser.run("dispatchEvent(new Event('online'))")
        await browser.until(
            "document.getElementById('news').innerText.includes('not done. \"Queues that never sleep\" is already over')"
        )
        assert await agenda(site) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
async def test_in_each_size_and_scheme_nothing_is_cut_off_or_loaded_from_elsewhere(
    width: int, dark: bool, tmp_path: Path
) -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.all(
            "/hotel MGM", "/attend ARC301 reserved", "/attend SEC203", "/attend DAT310", "/attend DAT310-R"
        )
        await site.app.ask("/settings page:on", organizer=True)
        async with site.app.store.read_transaction() as work:
            club = await work.communities.get("console", "club")
        assert club
        secret = await site.secret()
        await browser.look(width, dark=dark)
        paths = {
            "day": f"/p/{secret}/",
            "find": f"/p/{secret}/find?q=counting",
            "session": f"/p/{secret}/s/sec203",
            "public": f"/c/{club.page}/",
            "home": "/",
            "privacy": "/privacy",
        }
        for name, path in paths.items():
            passing(site)
            await browser.open(site.url + path)
            assert await browser.run("document.documentElement.scrollWidth <= innerWidth"), name
            small = "[...document.querySelectorAll('button, .button, .days a')].filter((e) => e.getBoundingClientRect().height < 43).length"
            assert await browser.run(small) == 0, name
            folder = Path(PICTURES) if PICTURES else tmp_path
            (folder / f"{name}-{width}-{'dark' if dark else 'light'}.png").write_bytes(await browser.picture())
        asked = {
            event["params"]["request"]["url"]
            for event in browser.events
            if event.get("method") == "Network.requestWillBeSent"
        }
        assert [url for url in asked if not url.startswith(site.url)] == []
        logged = [
            event for event in browser.events if event.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded")
        ]
        assert logged == []
