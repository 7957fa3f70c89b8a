"""Every page in every state, for the tests that look at all of them."""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.domain.schedule.session import SessionState
from tests.adapters.site.browser import Browser
from tests.adapters.site.harness import SiteHarness
from tests.builders import ARC, DAT, KEY, SEC, at, schedule

CANCELLED = replace(KEY, state=SessionState.CANCELLED, revision=2)


async def public_page(site: SiteHarness) -> str:
    """Make the schedule public, and return the path of its page."""
    await site.app.ask("/settings page:on", organizer=True)
    async with site.app.store.read_transaction() as work:
        club = await work.communities.get("console", "club")
    assert club
    return f"/c/{club.page}/"


def _pages(mine: str, public: str) -> dict[str, str]:
    """The paths of pages that are only opened, by the name of their state."""
    return {
        "clash": mine,
        "another day": f"{mine}?day=2021-11-30",
        "a day without anything": f"{mine}?day=2021-12-24",
        "search": f"{mine}find?q=counting",
        "search without a result": f"{mine}find?q=zzzz+tuesday",
        "whole schedule": f"{mine}find",
        "session": f"{mine}s/sec203",
        "no such session": f"{mine}s/nothing",
        "subscribe": f"{mine}subscribe",
        "public": public,
        "public search": f"{public}?q=queues",
        "public search without a result": f"{public}?q=zzzz",
        "public session": f"{public}s/arc301",
        "no such public page": "/c/nothing/",
        "home": "/",
        "privacy": "/privacy",
        "terms": "/terms",
        "nobody": f"/p/{'a' * 26}/",
    }


async def every_state(site: SiteHarness, browser: Browser) -> AsyncIterator[str]:
    """Bring the browser into one state after the other, and yield its name."""
    app = site.app
    mine = f"/p/{await site.secret()}/"
    await browser.open(site.url + mine)
    yield "empty agenda"
    await app.all("/hotel MGM", "/attend ARC301 reserved", "/attend SEC203", "/attend DAT310", "/attend DAT310-R")
    await app.all("/star KEY001", "/block 12:30-13:15 lunch with Ana at Venetian")
    for name, path in _pages(mine, await public_page(site)).items():
        site.seconds += 100
        await browser.open(site.url + path)
        yield name
    site.seconds += 100
    await browser.open(f"{site.url}{mine}find?q=queues")
    await browser.run("document.querySelector('form[data-change] button').click()")
    await browser.until("document.getElementById('news').innerText !== ''")
    yield "changed"
    app.clock.move_to(at(9, 30))
    off = replace(schedule().conference, revision=2)
    await app.publish(schedule((ARC, SEC, DAT, CANCELLED), conference=off))
    site.seconds += 100
    await browser.open(site.url + mine)
    yield "now"
    site.seconds += 100
    await browser.open(f"{site.url}{mine}?day=2021-11-30")
    yield "cancelled"
    await browser.open(site.url + mine)
    await browser.until("navigator.serviceWorker.ready.then(() => true)")
    site.is_cut = True
    await browser.open(site.url + mine)
    await browser.until("document.getElementById('age').innerText.startsWith('No network')")
    yield "without a network"
    await browser.run("document.querySelector('.timeline form[data-change] button').click()")
    await browser.until("document.getElementById('news').innerText.includes('send it later')")
    yield "a change waits"
    site.is_cut = False
    await site.secret("/agenda calendar new")
    site.seconds += 100
    await browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    await browser.until("document.body.innerText.includes('Nobody has this address')")
    yield "revoked"
