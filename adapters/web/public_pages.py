"""The pages for everybody: what this is, privacy, terms, and the schedules that communities made public."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from adapters.web.headers import PUBLIC
from adapters.web.previews import session_description
from adapters.web.search_address import MOST_QUERY, chosen_in, query_of
from adapters.web.templating import page
from bot.app.pages import PublicResults, PublicSchedule, PublicSchedules
from bot.app.ports import Clock
from bot.app.ports.pictures import MapMaker
from bot.app.text import Reader, day_text, place_text, query_text, s
from bot.app.text.web_side import WebSide


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
class PublicPages:
    """Answers for everybody."""

    schedules: PublicSchedules
    clock: Clock
    operator: Operator
    draw: MapMaker
    side: WebSide

    async def about(self, request: web.Request) -> web.StreamResponse:
        """`/`, `/privacy` and `/terms`."""
        name = request.path.strip("/").rpartition("/")[2] or "home"
        values = {"operator": self.operator.name or "its operator", "contact": self.operator.contact, "root": "./"}
        html = page(f"{name}.html", folder=self.operator.folder, **values)
        return web.Response(text=html, content_type="text/html", headers=PUBLIC)

    async def schedule(self, request: web.Request) -> web.StreamResponse:
        """The sessions of a day, or those that a search finds."""
        public = await self._found(request)
        now = self.clock.now()
        form = public.form(request.query.get("q", "")[:MOST_QUERY].strip(), chosen_in(request), now)
        results = public.found(form, now)
        html = page(
            "public.html",
            **self._common(public, "../../"),
            form=form,
            heading=query_text(form.query),
            results=results,
            pages=[(label, query_of(form, number)) for label, number in _turns(results)],
            map=self.draw(public.venues(), ()),
            walks=public.walks(),
        )
        return web.Response(text=html, content_type="text/html", headers=PUBLIC)

    async def session(self, request: web.Request) -> web.StreamResponse:
        """One session."""
        public = await self._found(request)
        session = public.schedule.by_id.get(request.match_info["session"])
        if session is None or not session.listed:
            raise web.HTTPNotFound
        day = public.schedule.day_by_id[session.id]
        values = {**self._common(public, "../../../"), "session": session, "day": day, "day_label": day_text(day)}
        values["description"] = session_description(session, public.schedule.conference)
        values["address"] = self.side.session(public.community.page or "", session.id)
        return web.Response(text=page("public_session.html", **values), content_type="text/html", headers=PUBLIC)

    async def _found(self, request: web.Request) -> PublicSchedule:
        public = await self.schedules.find(request.match_info["page"])
        if public is None:
            raise web.HTTPNotFound
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
