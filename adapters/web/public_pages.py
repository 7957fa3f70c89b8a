"""The pages for everybody: what this is, privacy, terms, and the schedules that communities made public."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from aiohttp import web
from cachetools import LRUCache

from adapters.web.bodies import Body
from adapters.web.changes import Changes
from adapters.web.headers import PUBLIC
from adapters.web.templating import page
from bot.app.dispatcher import Precedence
from bot.app.pages import PublicSchedule, PublicSchedules
from bot.app.ports import Clock
from bot.app.ports.pictures import MapMaker
from bot.app.text import Reader, day_text, place_text
from bot.app.text.written_times import written

HTML = "text/html; charset=utf-8"
MOST_QUERY = 200
MOST_COMMUNITIES, MOST_BYTES = 500, 16 * 1024 * 1024
"""Communities, and bytes of pages, in memory: anybody may ask, and a day of 500 sessions takes long to write."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this installation, for the pages about privacy and terms.

    Attributes:
        folder: has templates that go before ours: `home.html`, `privacy.html`, `terms.html`; "" for none.
    """

    name: str = ""
    contact: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was made, and from what."""

    body: Body
    source: PublicSchedule

    def shows(self, public: PublicSchedule) -> bool:
        """Whether it would be the same if it were made again."""
        return self.source.cached is public.cached and self.source.community == public.community


@dataclass(frozen=True, slots=True)
class PublicPages:
    """Answers for everybody.

    Attributes:
        changes: says whether the store has to be asked again.
        precedence: says when the store may be asked, and when a page may be made.
    """

    schedules: PublicSchedules
    clock: Clock
    operator: Operator
    draw: MapMaker
    changes: Changes
    precedence: Precedence
    _communities: LRUCache[str, tuple[int, PublicSchedule]] = field(
        default_factory=lambda: LRUCache(MOST_COMMUNITIES), repr=False
    )
    _bodies: LRUCache[Hashable, Made] = field(
        default_factory=lambda: LRUCache(MOST_BYTES, getsizeof=lambda made: made.body.size), repr=False
    )

    async def about(self, request: web.Request) -> web.StreamResponse:
        """`/`, `/privacy` and `/terms`."""
        name = request.path.strip("/").rpartition("/")[2] or "home"
        values = {"operator": self.operator.name or "its operator", "contact": self.operator.contact, "root": "./"}
        html = page(f"{name}.html", folder=self.operator.folder, **values)
        return web.Response(text=html, content_type="text/html", headers=PUBLIC)

    async def schedule(self, request: web.Request) -> web.StreamResponse:
        """The sessions of a day, or those that a search finds."""
        public = await self._found(request)
        query = request.query.get("q", "")[:MOST_QUERY].strip()
        day = public.day(_day_of(request.query.get("day", "")), self.clock.now())

        def html() -> str:
            reader = Reader(public.schedule.conference.zone)
            return page(
                "public.html",
                **self._common(public, "../../"),
                days=public.days,
                day=None if query else day,
                day_label=query or day_text(day),
                sessions=public.sessions(day, query),
                query=query,
                label_of=lambda session: written(reader.day(session.starts_at)),
                map=self.draw(public.venues(), ()),
                walks=public.walks(),
            )

        return (await self._body(public, ("day", None if query else day, query), html)).answer(request)

    async def session(self, request: web.Request) -> web.StreamResponse:
        """One session."""
        public = await self._found(request)
        session = public.schedule.by_id.get(request.match_info["session"])
        if session is None or not session.listed:
            raise web.HTTPNotFound
        day = public.schedule.day_by_id[session.id]

        def html() -> str:
            values = {**self._common(public, "../../../"), "session": session, "day": day, "day_label": day_text(day)}
            return page("public_session.html", **values)

        return (await self._body(public, ("session", session.id), html)).answer(request)

    async def _body(self, public: PublicSchedule, name: Hashable, html: Callable[[], str]) -> Body:
        key = public.community.id, name
        made = self._bodies.get(key)
        if made is None or not made.shows(public):
            async with self.precedence.place():
                made = Made(Body.of(html().encode(), HTML, PUBLIC), public)
            if made.body.size <= self._bodies.maxsize:
                self._bodies[key] = made
        return made.body

    async def _found(self, request: web.Request) -> PublicSchedule:
        name = request.match_info["page"]
        mark, known = self._communities.get(name, (-1, None))
        if known is not None and await self.changes.none_known_since(mark):
            return known
        mark = self.changes.mark
        async with self.precedence.place():
            public = await self.schedules.find(name)
        if public is None:
            self._communities.pop(name, None)
            raise web.HTTPNotFound
        self._communities[name] = mark, public
        return public

    def _common(self, public: PublicSchedule, root: str) -> dict[str, Any]:
        conference, community = public.schedule.conference, public.community
        reader = Reader(conference.zone)

        return {
            "root": root,
            "title": conference.title,
            "zone": conference.zone,
            "community": community.name or community.page,
            "clock": lambda at: written(reader.time(at)),
            "place": place_text,
        }


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
