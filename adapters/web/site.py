"""The pages and calendars: their routes, and what all of them have in common."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from adapters.web.bodies import Body
from adapters.web.changes import Changes
from adapters.web.clients import client_of
from adapters.web.errors import error_answer, root_of
from adapters.web.headers import NOBODY, PRIVATE
from adapters.web.limits import WebLimits, refusal
from adapters.web.personal_pages import PersonalPages
from adapters.web.previews import is_preview
from adapters.web.private_cache import PrivateCache, Seen
from adapters.web.public_pages import Operator, PublicPages
from adapters.web.render import page, version
from adapters.web.static_files import static_body
from bot.app.dispatcher import CrowdedError, Dispatcher
from bot.app.pages import AgendaCalendar, PublicSchedules, Visits
from bot.app.ports import Store
from bot.app.ports.pictures import MapMaker
from bot.app.text.web_side import CALENDAR, CALENDAR_WITH_WALKS, SUBSCRIBE, WebSide
from bot.domain.errors import StoreError

ICS = "text/calendar; charset=utf-8"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PrivateHandler = Callable[[web.Request, str, Seen], Awaitable[web.StreamResponse]]

log = structlog.get_logger("hallway.web")


@dataclass(frozen=True, slots=True)
class Site:
    """Answers browsers and calendars.

    Attributes:
        dispatch: answers the commands that a page sends.
        store: answers within seconds or raises `StoreError`.
        side: the public address of this installation.
        draw: draws the maps of the pages.
        operator: who runs this installation.
    """

    dispatch: Dispatcher
    store: Store
    side: WebSide
    limits: WebLimits
    draw: MapMaker
    operator: Operator = field(default_factory=Operator)
    seen: PrivateCache = field(init=False, repr=False)
    calendars: AgendaCalendar = field(init=False, repr=False)
    personal: PersonalPages = field(init=False, repr=False)
    public: PublicPages = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Create the handlers of the pages."""
        schedules, clock = self.dispatch.schedules, self.dispatch.clock
        precedence = self.dispatch.precedence
        visits = Visits(self.store, schedules)
        changes = Changes(visits, self.limits.timer)
        cache = PrivateCache(visits, changes, precedence)
        parts: dict[str, object] = {
            "seen": cache,
            "calendars": AgendaCalendar(self.store, clock, self.side),
            "personal": PersonalPages(self.dispatch, cache, self.side, self.draw),
            "public": PublicPages(
                PublicSchedules(self.store, schedules), clock, self.operator, self.draw, self.side, changes, precedence
            ),
        }
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """Return all routes of the pages and calendars."""
        personal, public = self.personal, self.public
        private: dict[str, PrivateHandler] = {
            "": personal.day,
            CALENDAR: self._calendar,
            CALENDAR_WITH_WALKS: self._calendar,
            SUBSCRIBE: self._subscribe,
            "find": personal.find,
            "s/{session}": personal.session,
            "sw.js": personal.worker,
            "manifest.webmanifest": personal.manifest,
        }
        about = ("/", "/privacy", "/terms")
        return [
            *(web.get(f"/p/{{secret}}/{name}", self._private(handler)) for name, handler in private.items()),
            web.post("/p/{secret}/do", self._private(personal.change)),
            web.get("/p/{secret}", _to_folder),
            *(web.get(path, self._limited(public.about)) for path in about),
            web.get("/c/{page}/", self._limited(public.schedule)),
            web.get("/c/{page}/s/{session}", self._limited(public.session)),
            web.get("/c/{page}", _to_folder),
            web.get("/static/{version}/{name}", _static),
        ]

    def _limited(self, handler: Handler) -> Handler:
        """Answer if the client is within its limits, no chat is waiting, and the database answers."""
        limits, precedence = self.limits, self.dispatch.precedence

        async def guarded(request: web.Request) -> web.StreamResponse:
            if wait := limits.wait_for_client(client_of(request)):
                return refusal(request, wait)
            try:
                if precedence.is_busy:
                    await precedence.turn()
                return await handler(request)
            except (StoreError, CrowdedError) as error:
                # Its sentence names files and hosts: it is for operators.
                log.warning("a page met a fault of the database", fault=str(error))
                return error_answer(request, 503, "Try again in a minute.", "60")
            except web.HTTPClientError as error:
                return error_answer(request, error.status, error.text or "", error.headers.get("Retry-After", ""))

        return guarded

    def _private(self, handler: PrivateHandler) -> Handler:
        """Call the handler only if the secret in the address is in use."""
        cache, limits = self.seen, self.limits

        async def guarded(request: web.Request) -> web.StreamResponse:
            secret = request.match_info["secret"]
            if is_preview(request):
                return _nobody(request)
            last = cache.last(secret)
            # Before any work. Of somebody who tries addresses only the client is counted.
            if last is not None and (wait := limits.wait_for_secret(last.digest)):
                return refusal(request, wait)
            seen = await cache.get(secret, last)
            if seen is None:
                return _nobody(request)
            if last is None and (wait := limits.wait_for_secret(seen.digest)):
                return refusal(request, wait)
            return await handler(request, secret, seen)

        return self._limited(guarded)

    async def _calendar(self, request: web.Request, secret: str, seen: Seen) -> web.StreamResponse:
        del secret
        name = request.path.rpartition("/")[2]
        body = self.seen.bodies.get(seen, name)
        if body is None:
            async with self.dispatch.precedence.place():
                content, seen.visit = await self.calendars.read(seen.visit, with_walks=name == CALENDAR_WITH_WALKS)
            body = Body.of(content, ICS, PRIVATE)
            self.seen.bodies.put(seen, name, body)
        return body.answer(request)

    async def _subscribe(self, request: web.Request, secret: str, seen: Seen) -> web.StreamResponse:
        """A page that subscribes calendar programs: chats allow no webcal address on a button."""
        title, side = seen.visit.schedule.conference.title, self.side
        calendars = [
            (heading, side.webcal(secret, name), side.calendar(secret, name), links)
            for heading, name in (("My sessions", CALENDAR), ("My sessions and each walk", CALENDAR_WITH_WALKS))
            for links in [side.subscription_links(secret, title, name)]
        ]
        html = page("subscribe.html", root=root_of(request), calendars=calendars, title=title)
        return web.Response(text=html, content_type="text/html", headers=PRIVATE)


async def _to_folder(request: web.Request) -> web.StreamResponse:
    """Add the slash that was left out; the rest of the address stays, and nothing of it is looked up."""
    name = request.rel_url.raw_path.rpartition("/")[2]
    return web.Response(status=308, headers={**PRIVATE, "Location": f"{name}/"})


async def _static(request: web.Request) -> web.StreamResponse:
    file = static_body(request.match_info["name"])
    if file is None or request.match_info["version"] != version():
        raise web.HTTPNotFound
    return file.answer(request)


def _nobody(request: web.Request) -> web.Response:
    """The same answer for an address that was replaced, that is not well-formed and that never was."""
    html = page("nobody.html", root=root_of(request))
    headers = {**PRIVATE, NOBODY: "1"}
    return web.Response(status=404, text=html, content_type="text/html", headers=headers)
