"""The page without a network, and with changes that come from elsewhere meanwhile."""

import json
from dataclasses import replace

import pytest

from tests.adapters.site.browser import Browser, browsing
from tests.adapters.site.harness import SiteHarness, site_harness
from tests.builders import ARC, DAT, KEY, schedule

pytestmark = pytest.mark.slow
NEWS = "document.getElementById('news').innerText"
QUEUE = "Object.keys(localStorage).filter((name) => name.startsWith('hallway:'))"


async def opened(site: SiteHarness, browser: Browser, path: str = "") -> str:
    """Open the page of the present user, and wait until it opens without a network, too; return its address."""
    url = f"{site.url}/p/{await site.secret()}/"
    await browser.open(url + path)
    await browser.until("navigator.serviceWorker.ready.then(() => true)")
    return url


async def choices(site: SiteHarness) -> dict[str, str]:
    """What the present user has chosen, by session."""
    async with site.app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada
        return {
            attendance.session: attendance.choice.value
            for attendance in await work.attendances.of_attendee(ada.id, "cloud21")
        }


async def press(browser: Browser, change: str) -> None:
    await browser.run(f"document.querySelector('form[data-change=\"{change}\"] button').click()")


async def come_back(site: SiteHarness, browser: Browser) -> None:
    """The network is back, and the caches of the server have seen the time pass."""
    site.seconds += 100
    site.is_cut = False
    await browser.run("dispatchEvent(new Event('online'))")


async def test_a_session_that_is_starred_without_a_network_is_starred_when_it_is_back() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser, "find?q=keys")
        site.is_cut = True
        await press(browser, "Star: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('send it later: Star: Keys, locks and doors')")
        assert await choices(site) == {}
        await come_back(site, browser)
        await browser.until(f"{NEWS}.includes('Star: Keys, locks and doors (SEC203) - done.')")
        assert await choices(site) == {"sec203": "starred"}
        assert await browser.run(f"{QUEUE}.length") == 0


async def test_what_was_decided_elsewhere_meanwhile_counts_and_the_page_says_so() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser, "find?q=keys")
        site.is_cut = True
        await press(browser, "Star: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('send it later')")
        await site.app.say("/attend SEC203")
        await come_back(site, browser)
        await browser.until(f"{NEWS}.includes('not done. Meanwhile you changed \"Keys, locks and doors\" elsewhere')")
        assert "it is on your agenda now, and I left it so" in await browser.run(NEWS)
        assert await choices(site) == {"sec203": "going"}
        await browser.until("document.querySelector('form[data-change=\"Not going: Keys, locks and doors (SEC203)\"]')")


async def test_the_same_decision_on_two_devices_is_no_conflict() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser, "find?q=keys")
        site.is_cut = True
        await press(browser, "Going: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('send it later')")
        await site.app.say("/attend SEC203")
        await come_back(site, browser)
        await browser.until(f"{NEWS}.includes(' - done.')")
        assert await choices(site) == {"sec203": "going"}


async def test_an_address_that_was_revoked_meanwhile_leaves_nothing_and_says_what_was_not_sent() -> None:
    async with site_harness() as site, browsing() as browser:
        url = await opened(site, browser, "find?q=keys")
        site.is_cut = True
        await press(browser, "Going: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('send it later')")
        await site.secret("/agenda calendar new")
        await come_back(site, browser)
        await browser.until("document.body.innerText.includes('Nobody has this address')")
        text = await browser.run("document.body.innerText")
        assert "These changes were not sent. Make them again on your new page:" in text
        assert "Going: Keys, locks and doors (SEC203)" in text
        assert "/agenda calendar" in text
        await browser.until("caches.keys().then((names) => names.length === 0)")
        assert await browser.run(f"{QUEUE}.length") == 0
        assert await choices(site) == {}
        site.is_cut = True
        await browser.call("Page.navigate", url=url)
        await browser.until("!document.body || !document.body.innerText.includes('Cloud 21')")


async def test_a_session_that_left_the_schedule_costs_neither_the_kept_pages_nor_a_waiting_change() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser, "s/sec203")
        await browser.run(
            "localStorage.setItem('hallway:' + new URL('../', location.href).pathname, "
            + json.dumps(json.dumps([{"label": "Going: something", "body": "command=attend", "at": 0}]))
            + ")"
        )
        await site.app.publish(schedule((ARC, DAT, KEY), conference=replace(schedule().conference, revision=2)))
        site.is_cut = True
        await browser.run("document.dispatchEvent(new Event('visibilitychange'))")
        await browser.until("document.getElementById('age').innerText.startsWith('No network')")
        waiting = await browser.run(f"{QUEUE}.length")
        site.seconds += 100
        site.is_cut = False
        await browser.call("Page.reload")
        await browser.until("document.body.innerText.includes('There is no such page')")
        assert (waiting, await browser.run(f"{QUEUE}.length")) == (1, 1)
        assert await browser.run("caches.keys().then((names) => names.length)") == 1


async def test_days_and_sessions_of_the_agenda_open_without_a_network_though_nobody_opened_them() -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.all("/attend SEC203", "/attend KEY001")
        url = await opened(site, browser)
        cached = "caches.keys().then((n) => caches.open(n[0])).then((c) => c.keys()).then((k) => k.map((r) => r.url))"
        await browser.until(f"{cached}.then((urls) => urls.some((url) => url.endsWith('s/sec203')))")
        site.is_cut = True
        await browser.open(f"{url}?day=2021-11-30")
        await browser.until("document.body.innerText.includes('Opening keynote')")
        await browser.open(f"{url}s/sec203")
        await browser.until("document.body.innerText.includes('Keys, locks and doors')")
        await browser.until("document.getElementById('age').innerText.startsWith('No network. Shown as of')")


async def test_a_page_that_was_never_opened_leads_to_the_agenda_and_says_why() -> None:
    async with site_harness() as site, browsing() as browser:
        await site.app.say("/attend SEC203")
        url = await opened(site, browser)
        await browser.until("caches.keys().then((names) => names.length === 1)")
        site.is_cut = True
        await browser.call("Page.navigate", url=f"{url}find?q=queues")
        await browser.until(f"{NEWS}.includes('that page was never opened on this device. This is your agenda.')")
        assert await browser.run("location.href") == url
        assert await browser.run("getComputedStyle(document.querySelector('.card')).borderRadius") == "12px"


async def test_a_waiting_change_that_is_refused_does_not_hold_up_those_behind_it() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser, "find?q=keys")
        site.is_cut = True
        await press(browser, "Star: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('send it later')")
        await browser.run(
            f"const name = {QUEUE}[0]; const waiting = JSON.parse(localStorage.getItem(name)); "
            "localStorage.setItem(name, JSON.stringify([{label: 'Old', body: 'command=forgetme', at: 1}, ...waiting]))"
        )
        await come_back(site, browser)
        await browser.until(f"{NEWS}.includes('Old - not done.') && {NEWS}.includes('(SEC203) - done.')")
        assert await choices(site) == {"sec203": "starred"}


async def test_a_list_that_somebody_is_choosing_from_is_left_alone_when_the_page_is_renewed() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser, "find?q=keys")
        await browser.run("document.querySelector('details').open = true")
        await browser.run("document.querySelector('select[name=venue]').focus()")
        await browser.run("document.querySelector('select[name=venue]').value = 'MGM Grand'")
        await site.app.say("/attend SEC203")
        site.seconds += 100
        await browser.run("document.dispatchEvent(new Event('visibilitychange'))")
        await browser.until(
            "performance.getEntriesByType('resource').filter((e) => e.name.includes('find')).length > 1"
        )
        assert await browser.run("document.querySelector('select[name=venue]').value") == "MGM Grand"
        await browser.run("document.getElementById('q').focus()")
        await browser.run("document.dispatchEvent(new Event('visibilitychange'))")
        await browser.until("document.querySelector('form[data-change=\"Not going: Keys, locks and doors (SEC203)\"]')")
        assert await browser.run("document.querySelector('details').open")


async def test_of_two_decisions_about_a_session_without_a_network_the_last_one_is_sent() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser, "find?q=keys")
        site.is_cut = True
        await press(browser, "Star: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('send it later: Star')")
        await press(browser, "Going: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('send it later: Going')")
        buttons = "[...document.querySelectorAll('form[data-change] button')].map((each) => each.textContent)"
        assert (await browser.run(buttons))[0] == "Going (waits)"
        await come_back(site, browser)
        await browser.until(f"{NEWS}.includes('Going: Keys, locks and doors (SEC203) - done.')")
        assert await choices(site) == {"sec203": "going"}


async def test_a_change_that_waits_is_taken_back_by_its_button() -> None:
    async with site_harness() as site, browsing() as browser:
        await opened(site, browser, "find?q=keys")
        site.is_cut = True
        await press(browser, "Going: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('send it later: Going')")
        await press(browser, "Going: Keys, locks and doors (SEC203)")
        await browser.until(f"{NEWS}.includes('Undone, and not sent: Going')")
        assert await browser.run(f"{QUEUE}.length") == 0
        buttons = "[...document.querySelectorAll('form[data-change] button')].map((each) => each.textContent)"
        assert await browser.run(buttons) == ["Going", "Star"]


HELD = """
window.really = fetch;
fetch = (...request) => String(request[0]).endsWith("/do")
  ? new Promise((succeed, fail) => {
      window.fails = () => fail(new TypeError("cut"));
      window.arrives = () => succeed(really(...request));
    })
  : really(...request);
"""


async def press_twice_while_it_is_sent(site: SiteHarness, browser: Browser) -> None:
    await opened(site, browser, "find?q=keys")
    await browser.run(HELD)
    await press(browser, "Going: Keys, locks and doors (SEC203)")
    await browser.run("fails()")
    await browser.until(f"{NEWS}.includes('send it later: Going')")
    await press(browser, "Going: Keys, locks and doors (SEC203)")
    await browser.until(f"{NEWS}.includes('This change is being sent. If that fails, I undo it: Going')")


async def test_a_change_that_is_taken_back_while_it_is_sent_is_undone_if_that_fails() -> None:
    async with site_harness() as site, browsing() as browser:
        await press_twice_while_it_is_sent(site, browser)
        assert await browser.run(f"{QUEUE}.length") == 1
        await browser.run("fails()")
        await browser.until(f"{NEWS}.includes('Undone, and not sent: Going')")
        assert await browser.run(f"{QUEUE}.length") == 0
        assert await choices(site) == {}


async def test_a_change_that_is_taken_back_too_late_is_said_to_be_done() -> None:
    async with site_harness() as site, browsing() as browser:
        await press_twice_while_it_is_sent(site, browser)
        await browser.run("arrives()")
        await browser.until(f"{NEWS}.includes('Going: Keys, locks and doors (SEC203) - done.')")
        assert "Undone" not in await browser.run(NEWS)
        assert await choices(site) == {"sec203": "going"}


async def test_without_a_network_the_page_says_at_its_top_how_old_it_is() -> None:
    async with site_harness() as site, browsing() as browser:
        url = await opened(site, browser)
        assert await browser.run("document.getElementById('stale').hidden")
        await browser.until("caches.keys().then((names) => names.length === 1)")
        site.is_cut = True
        await browser.open(url)
        await browser.until("document.getElementById('stale').innerText.startsWith('No network. Shown as of')")
        await come_back(site, browser)
        await browser.until("document.getElementById('stale').hidden")
