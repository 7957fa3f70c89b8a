"""Each route of the web side with the address of another person, with one that was revoked and with malformed ones.

The routes are those of the router: one that is added later is tested, too, or has to be named here as public.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from adapters.mcp.http import AssistantRoutes
from adapters.web import Monitoring, build, serve
from bot.domain.attendee.private_address import form_token
from tests.adapters.site.harness import Answer, SiteHarness, site_harness
from tests.adapters.site.states import public_page

PUBLIC = {
    "/",
    "/privacy",
    "/terms",
    "/c/{page}",
    "/c/{page}/",
    "/c/{page}/s/{session}",
    "/static/{version}/{name}",
    "/healthz",
    "/readyz",
    "/metrics",
}
"""Routes that show nothing about a person. `/metrics` is for neighbours: tests/adapters/test_metrics.py."""
MALFORMED = ("x", "a" * 25, "a" * 27, "A" * 26, "..%2f", "a" * 25 + "%00", "a" * 2_000)
TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "agenda", "arguments": {}}}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@asynccontextmanager
async def everything() -> AsyncIterator[tuple[SiteHarness, list[tuple[str, str]]]]:
    """The pages, calendars and assistants on one server, with the method and the path of every route."""
    async with site_harness() as site:
        assistants = AssistantRoutes(site.app.dispatch, site.app.store, "")
        web_app = build(Monitoring({}, CollectorRegistry()), [*site.pages.routes, *assistants.routes])
        async with assistants.serving(), serve(web_app, "127.0.0.1", 0) as port:
            site.url = f"http://127.0.0.1:{port}"
            found = {(route.method, _path(route)) for route in web_app.router.routes() if route.method != "HEAD"}
            yield site, sorted(found)


def _path(route: web.AbstractRoute) -> str:
    return route.resource.canonical if route.resource else ""


async def asked(site: SiteHarness, method: str, path: str, secret: str, token: str = "") -> Answer:
    """Ask as the owner of `secret` would; `token` is that of the form of a page."""
    headers = {"Authorization": f"Bearer {secret}"} if "{secret}" not in path else {}
    url = path.replace("{secret}", secret).replace("{session}", "arc301")
    if method == "GET":
        return await site.send(method, f"{url}?q=counting" if url.endswith("find") else url, headers=headers)
    if url.endswith("mcp"):
        return await site.send(method, url, headers={**headers, **ACCEPT}, json=TOOLS)
    return await site.send(method, url, data={"token": token, "command": "attend", "a.code": "KEY001"})


async def choices(site: SiteHarness) -> Mapping[str, set[str]]:
    async with site.app.store.read_transaction() as work:
        people = {user: await work.people.find("console", "club", user) for user in ("ada", "bob")}
        return {
            user: {attendance.session for attendance in await work.attendances.of_attendee(person.id, "cloud21")}
            for user, person in people.items()
            if person
        }


async def test_every_route_is_private_or_named_as_public() -> None:
    async with everything() as (_, routes):
        private = {path for _, path in routes} - PUBLIC
        assert {path for path in private if "{secret}" not in path} == {"/mcp"}
        assert len(private) >= 12
        assert {path for _, path in routes} >= PUBLIC


async def test_every_private_route_refuses_malformed_unknown_and_revoked_addresses_alike() -> None:
    async with everything() as (site, routes):
        await site.app.all("/hotel MGM", "/attend SEC203")
        old = await site.secret()
        new = await site.secret("/agenda calendar new")
        for method, path in routes:
            if path in PUBLIC:
                continue
            for secret in (old, "a" * 26, *MALFORMED):
                answer = await asked(site, method, path, secret, form_token(secret))
                # A slash that is missing is added without a look at the address; no assistant gets a stream.
                assert answer.status in ({308} if path == "/p/{secret}" else {401, 404, 405}), (method, path, secret)
                assert "Keys, locks" not in answer.text, (method, path, secret)
                assert answer.status == 405 or answer.headers["Cache-Control"] == "no-store", (method, path)
            works = await asked(site, method, path, new, form_token(new))
            assert works.status in {200, 308, 405}, (method, path, works.text)
        assert (await choices(site))["ada"] == {"sec203", "key001"}, "only the change with the new address was made"


async def test_no_route_shows_or_changes_anything_of_another_person() -> None:
    async with everything() as (site, routes):
        await site.app.all("/hotel MGM", "/attend SEC203")
        ada = await site.secret()
        site.app.user = "bob"
        await site.app.say("/attend DAT310")
        bob = await site.secret()
        for method, path in routes:
            if path in PUBLIC:
                continue
            shown = await asked(site, method, path, bob, form_token(ada))
            assert "Keys, locks" not in shown.text, (method, path)
            assert ada not in shown.text, (method, path)
        assert await choices(site) == {"ada": {"sec203"}, "bob": {"dat310"}}


@pytest.mark.parametrize("path", sorted(PUBLIC - {"/static/{version}/{name}", "/metrics"}))
async def test_a_public_route_shows_no_person_whoever_asks(path: str) -> None:
    async with everything() as (site, _):
        await site.app.all("/hotel MGM", "/attend SEC203", "/privacy community")
        secret, page = await site.secret(), (await public_page(site)).split("/")[2]
        url = path.replace("{page}", page).replace("{session}", "sec203")
        answer = await site.get(url, Authorization=f"Bearer {secret}", Cookie=f"secret={secret}")
        assert answer.status in (200, 308)
        assert "ada" not in answer.text.replace("Ada Byron", "")
        assert secret not in answer.text
        assert "Set-Cookie" not in answer.headers
        other = url.replace(page, "another-community-9")
        assert page == url or page not in url or (await site.get(other)).status in (308, 404)
