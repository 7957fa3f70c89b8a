"""The pages for everybody: what Hallway is, privacy, terms, and the schedules that communities made public."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cachetools import LRUCache

from adapters.web.bodies import Body
from adapters.web.changes import Changes
from adapters.web.headers import PUBLIC
from adapters.web.previews import session_description
from adapters.web.render import page
from adapters.web.search_address import MOST_QUERY, chosen_in, query_of
from bot.app.dispatcher import Precedence
from bot.app.pages import PublicResults, PublicSchedule, PublicSchedules
from bot.app.ports import Clock
from bot.app.ports.pictures import MapMaker
from bot.app.text import Reader, day_text, place_text, query_text, s
from bot.app.text.web_side import WebSide

HTML = "text/html; charset=utf-8"
MOST_COMMUNITIES, MOST_BYTES = 500, 16 * 1024 * 1024
"""Communities, and bytes of pages, in memory: anybody may ask, and a day of 500 sessions takes long to write."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this installation, for the pages about privacy and terms.

    Attributes:
        folder: the folder of templates that replace ours (`home.html`, `privacy.html`, `terms.html`); "" for none.
    """

    name: str = ""
    contact: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A rendered page, with the state that it was rendered from."""

    body: Body
    source: PublicSchedule

    def shows(self, public: PublicSchedule) -> bool:
        """Whether rendering the page again would give the same page."""
        return self.source.cached is public.cached and self.source.community == public.community


@dataclass(frozen=True, slots=True)
class PublicPages:
    """Answers requests that need no private address.

    Attributes:
        changes: says whether the store has to be asked again.
        precedence: says when the store may be asked, and when a page may be made.
    """

    schedules: PublicSchedules
    clock: Clock
    operator: Operator
    draw: MapMaker
    side: WebSide
    changes: Changes
    precedence: Precedence
    _communities: LRUCache[str, tuple[int, PublicSchedule]] = field(
        default_factory=lambda: LRUCache(MOST_COMMUNITIES), repr=False
    )
    _bodies: LRUCache[Hashable, RenderedPage] = field(
        default_factory=lambda: LRUCache(MOST_BYTES, getsizeof=lambda rendered: rendered.body.size), repr=False
    )

    async def about(self, request: web.Request) -> web.StreamResponse:
        """Return the page of `/`, `/privacy` or `/terms`."""
        name = request.path.strip("/").rpartition("/")[2] or "home"
        values = {"operator": self.operator.name or "its operator", "contact": self.operator.contact, "root": "./"}
        html = page(f"{name}.html", folder=self.operator.folder, **values)
        return web.Response(text=html, content_type="text/html", headers=PUBLIC)

    async def schedule(self, request: web.Request) -> web.StreamResponse:
        """Return the page with the sessions of a day, or with those that a search finds."""
        public = await self._public_schedule(request)
        now, typed = self.clock.now(), request.query.get("q", "")[:MOST_QUERY].strip()
        chosen = chosen_in(request)

        def html() -> str:
            form = public.form(typed, chosen, now)
            results = public.results(form, now)
            return page(
                "public.html",
                **self._common(public, "../../"),
                form=form,
                heading=query_text(form.query),
                results=results,
                pages=[(label, query_of(form, number)) for label, number in _turns(results)],
                map=self.draw(public.venues(), ()),
                walks=public.walks(),
            )

        # The current and the past sessions of today change from minute to minute.
        name = ("search", typed, *chosen.items(), int(now.timestamp()) // 60)
        return (await self._body(public, name, html)).answer(request)

    async def session(self, request: web.Request) -> web.StreamResponse:
        """Return the page of one session."""
        public = await self._public_schedule(request)
        session = public.schedule.by_id.get(request.match_info["session"])
        if session is None or not session.listed:
            raise web.HTTPNotFound
        day = public.schedule.day_by_id[session.id]

        def html() -> str:
            return page(
                "public_session.html",
                **self._common(public, "../../../"),
                session=session,
                day=day,
                day_label=day_text(day),
                description=session_description(session, public.schedule.conference),
                address=self.side.session(public.community.page or "", session.id),
            )

        return (await self._body(public, ("session", session.id), html)).answer(request)

    async def _body(self, public: PublicSchedule, name: Hashable, html: Callable[[], str]) -> Body:
        key = public.community.id, name
        rendered = self._bodies.get(key)
        if rendered is None or not rendered.shows(public):
            async with self.precedence.place():
                rendered = RenderedPage(Body.of(html().encode(), HTML, PUBLIC), public)
            if rendered.body.size <= self._bodies.maxsize:
                self._bodies[key] = rendered
        return rendered.body

    async def _public_schedule(self, request: web.Request) -> PublicSchedule:
        name = request.match_info["page"]
        mark, schedule = self._communities.get(name, (-1, None))
        if schedule is not None and await self.changes.none_noticed_since(mark):
            return schedule
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
            "clock": lambda at: (reader.time(at),),
            "day_of": lambda at: (reader.day(at),),
            "place": place_text,
        }


def _turns(results: PublicResults) -> Sequence[tuple[str, int]]:
    """The pages before and after this one, with what to call them."""
    before = [(s("◀ Previous"), results.page - 1)] if results.page > 1 else []
    return [*before, *([(s("Next ▶"), results.page + 1)] if results.page < results.pages else [])]
