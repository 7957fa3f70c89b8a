"""Every page in every state, for the tests that look at all of them."""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.domain.schedule.session import SessionState
from tests.adapters.site.browser import Browser
from tests.adapters.site.stage import Stage
from tests.builders import ARC, DAT, KEY, SEC, at, schedule

CANCELLED = replace(KEY, state=SessionState.CANCELLED, revision=2)


async def public_page(stage: Stage) -> str:
    """Make the schedule public, and return the path of its page."""
    await stage.app.ask("/settings page:on", organizer=True)
    async with stage.app.store.read_transaction() as work:
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


async def every_state(stage: Stage, browser: Browser) -> AsyncIterator[str]:
    """Bring the browser into one state after the other, and yield its name."""
    app = stage.app
    mine = f"/p/{await stage.secret()}/"
    await browser.open(stage.url + mine)
    yield "empty agenda"
    await app.all("/hotel MGM", "/attend ARC301 reserved", "/attend SEC203", "/attend DAT310", "/attend DAT310-R")
    await app.all("/star KEY001", "/block 12:30-13:15 lunch with Ana at Venetian")
    for name, path in _pages(mine, await public_page(stage)).items():
        stage.seconds += 100
        await browser.open(stage.url + path)
        yield name
    stage.seconds += 100
    await browser.open(f"{stage.url}{mine}find?q=queues")
    await browser.run("document.querySelector('form[data-change] button').click()")
    await browser.until("document.getElementById('news').innerText !== ''")
    yield "changed"
    app.clock.move_to(at(9, 30))
    off = replace(schedule().conference, revision=2)
    await app.publish(schedule((ARC, SEC, DAT, CANCELLED), conference=off))
    stage.seconds += 100
    await browser.open(stage.url + mine)
    yield "now"
    stage.seconds += 100
    await browser.open(f"{stage.url}{mine}?day=2021-11-30")
    yield "cancelled"
    await browser.open(stage.url + mine)
    await browser.until("navigator.serviceWorker.ready.then(() => true)")
    stage.is_cut = True
    await browser.open(stage.url + mine)
    await browser.until("document.getElementById('age').innerText.startsWith('No network')")
    yield "without a network"
    await browser.run("document.querySelector('.timeline form[data-change] button').click()")
    await browser.until("document.getElementById('news').innerText.includes('send it later')")
    yield "a change waits"
    stage.is_cut = False
    await stage.secret("/agenda calendar new")
    stage.seconds += 100
    await browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    await browser.until("document.body.innerText.includes('Nobody has this address')")
    yield "revoked"
