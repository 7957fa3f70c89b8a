"""Nothing outdated is shown, although pages are kept in memory: each answer is compared with one that comes from no cache."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from adapters.web import private_cache
from adapters.web.bodies import Body
from adapters.web.changes import Changes
from adapters.web.private_cache import Bodies, PrivateCache, Seen
from bot.app.pages import Visit, Visits
from tests.adapters.site.harness import SiteHarness, served
from tests.adapters.site.test_pages import publish_page
from tests.builders import ARC, SEC, at, schedule

NAMES = ("", "?day=2021-11-30", "agenda.ics", "agenda-with-walks.ics", "s/arc301", "find?q=queues")
"""What is shown of a person."""


async def at_once(site: SiteHarness, path: str, **headers: str) -> tuple[int, bytes]:
    """The status and the body of an answer; no time passes."""
    site.seconds -= 6
    answer = await site.get(path, **headers)
    return answer.status, answer.body


async def uncached(site: SiteHarness, path: str) -> tuple[int, bytes]:
    """What a server answers that has just started."""
    async with served(site.app) as other:
        answer = await other.get(path)
    return answer.status, answer.body


async def changed_by(site: SiteHarness, secret: str, change: Callable[[], Awaitable[object]]) -> list[str]:
    """Which of `NAMES` differ at once after a change; all of them are as a new server shows them."""
    before = [await at_once(site, f"/p/{secret}/{name}") for name in NAMES]
    assert [await at_once(site, f"/p/{secret}/{name}") for name in NAMES] == before
    await change()
    after = [await at_once(site, f"/p/{secret}/{name}") for name in NAMES]
    assert after == [await uncached(site, f"/p/{secret}/{name}") for name in NAMES]
    return [name for name, one, other in zip(NAMES, before, after, strict=True) if one != other]


CALENDARS = ["agenda.ics", "agenda-with-walks.ics"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/attend SEC203", ["", *CALENDARS]),
        ("/skip ARC301", list(NAMES)),
        ("/hotel Venetian", [name for name in NAMES if not name.startswith("find")]),
        ("/timezone 12h", list(NAMES)),
        ("/block 12:00-13:00 lunch", ["", *CALENDARS]),
    ],
)
async def test_what_one_says_in_the_chat_is_shown_at_the_next_request(
    site: SiteHarness, line: str, shown: list[str]
) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301")
    secret = await site.secret()
    assert await changed_by(site, secret, lambda: site.app.say(line)) == shown


async def test_a_new_version_of_the_schedule_is_shown_at_the_next_request(site: SiteHarness) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301")
    secret = await site.secret()
    moved = replace(ARC, title="Queues that rest", starts_at=at(9, 15), ends_at=at(10, 15), revision=2)
    new = schedule((moved, SEC), conference=replace(schedule().conference, revision=2))
    assert await changed_by(site, secret, lambda: site.app.publish(new)) == list(NAMES)


async def test_a_choice_on_one_page_is_shown_on_that_of_the_same_person_and_on_no_other(site: SiteHarness) -> None:
    app = site.app
    await app.say("/attend ARC301")
    ada = await site.secret()
    app.user = "bob"
    await app.say("/attend ARC301")
    bob = await site.secret()
    theirs = [await at_once(site, f"/p/{bob}/{name}") for name in NAMES]
    assert await changed_by(site, ada, lambda: app.talk_to("ada", "/skip ARC301")) != []
    assert [await at_once(site, f"/p/{bob}/{name}") for name in NAMES] == theirs


async def test_whoever_has_the_page_gets_304_until_something_changes(site: SiteHarness) -> None:
    await site.app.say("/attend ARC301")
    path = f"/p/{await site.secret()}/"
    tag = (await site.get(path)).headers["ETag"]
    assert await at_once(site, path, **{"If-None-Match": tag}) == (304, b"")
    await site.app.say("/attend SEC203")
    assert await at_once(site, path, **{"If-None-Match": tag}) == await uncached(site, path)


async def test_a_revoked_address_is_nobodys_at_the_next_request(site: SiteHarness) -> None:
    old = await site.secret()
    tag = (await site.get(f"/p/{old}/")).headers["ETag"]
    new = await site.secret("/agenda calendar new")
    for name in NAMES:
        asked = {"If-None-Match": tag} if not name else {}
        assert await at_once(site, f"/p/{old}/{name}", **asked) == await uncached(site, f"/p/{old}/{name}")
        assert (await uncached(site, f"/p/{old}/{name}"))[0] == 404
        assert (await at_once(site, f"/p/{new}/{name}"))[0] == 200
    await site.app.say("/forgetme yes")
    assert (await at_once(site, f"/p/{new}/"))[0] == 404


async def test_what_another_process_stores_is_shown_after_five_seconds_and_nobody_waits_for_it_before(
    site: SiteHarness,
) -> None:
    path = f"/p/{await site.secret()}/"
    before = await site.get(path)
    await site.get(path)
    commits = site.app.store.commits
    counted = commits.count
    await site.app.say("/attend ARC301")
    commits.count = counted
    assert await at_once(site, path) == (200, before.body)
    # The store is asked after three seconds, and the page is shown meanwhile.
    site.seconds += 4
    assert await at_once(site, path) == (200, before.body)
    assert await at_once(site, path) == await uncached(site, path)
    await site.app.say("/skip ARC301")
    commits.count = counted
    site.seconds += 5
    assert await at_once(site, path) == await uncached(site, path)


async def test_the_public_page_shows_a_change_at_the_next_request_and_is_closed_at_once(site: SiteHarness) -> None:
    page = await publish_page(site)
    paths = [f"/c/{page}/{name}" for name in ("", "?day=2021-11-30", "?q=queues", "s/arc301")]
    before = [await at_once(site, path) for path in paths]
    assert [await at_once(site, path) for path in paths] == before == [await uncached(site, path) for path in paths]
    tag = (await site.get(paths[0])).headers["ETag"]
    assert await at_once(site, paths[0], **{"If-None-Match": tag}) == (304, b"")
    moved = replace(ARC, title="Queues that rest", starts_at=at(9, 15), ends_at=at(10, 15), revision=2)
    await site.app.publish(schedule((moved, SEC), conference=replace(schedule().conference, revision=2)))
    after = [await at_once(site, path, **{"If-None-Match": tag}) for path in paths]
    assert after == [await uncached(site, path) for path in paths]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False] * 4
    await site.app.ask("/settings page:off", organizer=True)
    assert [(await at_once(site, path))[0] for path in paths] == [404] * 4


async def test_two_communities_with_one_schedule_have_public_pages_of_their_own(site: SiteHarness) -> None:
    one = await publish_page(site)
    site.app.tenant = "other"
    await site.app.ask("/settings page:on", organizer=True)
    async with site.app.store.read_transaction() as work:
        found = await work.communities.get("console", "other")
    assert found
    for page in (one, found.page, one):
        assert await at_once(site, f"/c/{page}/") == await uncached(site, f"/c/{page}/")
    assert await at_once(site, f"/c/{one}/") != await at_once(site, f"/c/{found.page}/")


class SlowVisits(Visits):
    """Reads, and answers when it is let go."""

    def __init__(self, visits: Visits) -> None:
        super().__init__(visits.store, visits.schedules)
        object.__setattr__(self, "gates", [])

    async def fingerprint(self, secret: str) -> str | None:
        read, gate = await super().fingerprint(secret), asyncio.Event()
        self.gates.append(gate)  # type: ignore[attr-defined]  # set above
        await gate.wait()
        return read


async def until(is_so: Callable[[], bool]) -> None:
    """Let the other tasks go on until something is so."""
    for _ in range(1_000):
        if is_so():
            return
        await asyncio.sleep(0)
    raise TimeoutError


async def test_a_question_from_before_a_choice_does_not_answer_a_request_from_after_it(site: SiteHarness) -> None:
    app = site.app
    secret = await site.secret()
    visits = SlowVisits(Visits(app.store, app.dispatch.schedules))
    gates: list[asyncio.Event] = visits.gates  # type: ignore[attr-defined]  # as above
    cache = PrivateCache(visits, Changes(visits, lambda: 0.0))
    first = asyncio.create_task(cache.get(secret, cache.last(secret)))
    await until(lambda: len(gates) == 1)
    await app.say("/attend ARC301")
    second = asyncio.create_task(cache.get(secret, cache.last(secret)))
    await until(lambda: len(gates) == 2)
    gates[1].set()
    found = await second
    assert found
    assert [attendance.session for attendance in found.visit.chosen] == ["arc301"]
    gates[0].set()
    await first
    # The older question is answered last: it is not taken for the newer state.
    third = asyncio.create_task(cache.get(secret, cache.last(secret)))
    await until(lambda: third.done() or len(gates) == 3)
    gates[-1].set()
    last = await third
    assert last
    assert last.visit.is_like(found.visit)


async def test_the_memory_of_pages_is_bounded(site: SiteHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_cache, "MOST", 2)
    app = site.app
    visits = Visits(app.store, app.dispatch.schedules)
    cache = PrivateCache(visits, Changes(visits, lambda: 0.0))
    secrets = []
    for user in ("ada", "bob", "eve"):
        app.user = user
        secret = await site.secret()
        secrets.append(secret)
        assert await cache.get(secret, None)
    assert [cache.last(secret) is not None for secret in secrets] == [False, True, True]


def test_the_room_for_bodies_is_bounded_in_bytes_and_each_visit_has_its_own() -> None:
    bodies = Bodies()
    visit: Visit = None  # type: ignore[assignment]  # nobody looks at it
    one, other = Seen(visit, 0), Seen(visit, 0)
    large = [Body.of(bytes([number]) * 6_000_000, "text/plain", {}) for number in range(8)]
    for number, body in enumerate(large):
        bodies.put(one, number, body)
    # The last, and as many before it as have room.
    assert [number for number in range(8) if bodies.get(one, number) is large[number]] == [2, 3, 4, 5, 6, 7]
    assert [bodies.get(other, number) for number in range(8)] == [None] * 8
