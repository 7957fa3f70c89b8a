"""Private addresses: who gets in, what others see, what is logged."""

import logging
from dataclasses import replace

import pytest
import structlog

from adapters.web.headers import POLICY
from bot.domain.attendee.private_address import digest_of
from bot.domain.errors import StoreError
from tests.adapters.site.harness import SiteHarness

PRIVATE = (
    "",
    "agenda.ics",
    "agenda-with-walks.ics",
    "subscribe",
    "find?q=all",
    "s/arc301",
    "sw.js",
    "manifest.webmanifest",
)
"""Every route below a private address that is read."""
MALFORMED = ("x", "a" * 25, "a" * 27, "A" * 26, "..%2f", "a" * 25 + "%00", "a" * 2_000)


@pytest.mark.parametrize("name", PRIVATE)
async def test_a_malformed_an_unknown_and_a_revoked_address_are_nobodys(site: SiteHarness, name: str) -> None:
    await site.app.say("/attend ARC301")
    old = await site.secret()
    assert (await site.get(f"/p/{old}/{name}")).status == 200
    new = await site.secret("/agenda calendar new")
    answers = [await site.get(f"/p/{secret}/{name}") for secret in (old, "a" * 26, *MALFORMED)]
    assert [answer.status for answer in answers] == [404] * len(answers)
    assert {answer.body for answer in answers[:-1] if answer.headers["Content-Type"].startswith("text/html")} == {
        answers[0].body
    }
    assert (await site.get(f"/p/{new}/{name}")).status == 200
    await site.app.say("/forgetme yes")
    assert (await site.get(f"/p/{new}/{name}")).status == 404


@pytest.mark.parametrize("name", ["", "agenda.ics", "agenda-with-walks.ics"])
async def test_everybody_sees_their_own_and_nothing_of_another_person_or_community(
    site: SiteHarness, name: str
) -> None:
    app = site.app
    await app.all("/hotel MGM", "/attend ARC301")
    ada = await site.secret()
    app.user = "bob"
    await app.say("/attend SEC203")
    bob = await site.secret()
    app.user, app.tenant = "ada", "other club"
    await app.say("/attend DAT310")
    elsewhere = await site.secret()
    found = {who: (await site.get(f"/p/{who}/{name}")).text.replace("\\,", ",") for who in (ada, bob, elsewhere)}
    shown = {ada: "Queues that never sleep", bob: "Keys, locks", elsewhere: "Counting to infinity"}
    for who, text in found.items():
        others = [title for owner, title in shown.items() if owner != who]
        assert shown[who] in text
        assert [title for title in others if title in text] == []


@pytest.mark.parametrize("name", PRIVATE)
async def test_no_cache_search_engine_frame_or_other_site_gets_a_private_answer(site: SiteHarness, name: str) -> None:
    for path in (f"/p/{await site.secret()}/{name}", f"/p/{'a' * 26}/{name}"):
        headers = (await site.get(path)).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers
    assert "unsafe" not in POLICY


async def test_once_hallway_is_removed_from_the_community_its_addresses_are_closed(site: SiteHarness) -> None:
    path = f"/p/{await site.secret()}/agenda.ics"
    assert (await site.get(path)).status == 200
    async with site.app.store.write_transaction() as work:
        club = await work.communities.get("console", "club")
        assert club
        await work.communities.save(replace(club, left_at=site.app.clock.now()))
    assert (await site.get(path)).status == 404


async def test_who_asks_too_often_waits_and_another_address_does_not(site: SiteHarness) -> None:
    ada = await site.secret()
    site.app.user = "bob"
    bob = await site.secret()
    frozen = site.seconds
    statuses = []
    for _ in range(61):
        site.seconds = frozen - 6
        statuses.append((await site.get(f"/p/{ada}/agenda.ics")).status)
    assert statuses == [200] * 60 + [429]
    site.seconds = frozen - 6
    refused = await site.get(f"/p/{ada}/")
    assert (refused.text, refused.headers["Retry-After"], refused.headers["Cache-Control"]) == (
        "Too many requests.",
        "1",
        "no-store",
    )
    site.seconds = frozen - 6
    assert (await site.get(f"/p/{bob}/agenda.ics")).status == 200
    assert site.refused == ["web"] * 2


async def test_the_secret_and_its_hash_are_logged_at_no_level_also_when_the_database_fails(
    site: SiteHarness, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = await site.secret()
    with structlog.testing.capture_logs() as written:
        for name in PRIVATE:
            await site.get(f"/p/{secret}/{name}")

        def gone() -> None:
            raise StoreError("no such file: /data/hallway.db")

        monkeypatch.setattr(type(site.app.store), "read_transaction", lambda _: gone())
        answer = await site.get(f"/p/{secret}/agenda.ics")
    assert (answer.status, answer.headers["Retry-After"], answer.text) == (503, "60", "Try again in a minute.")
    assert [line["event"] for line in written] == ["a page met a fault of the database"]
    logged = repr(written) + caplog.text
    assert secret not in logged
    assert digest_of(secret) not in logged
