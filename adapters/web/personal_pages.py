"""The pages at a private address: the day, a search, a session, and changes, which are commands as in a chat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from adapters.web.bodies import Body
from adapters.web.headers import PRIVATE
from adapters.web.private_cache import PrivateCache, Seen
from adapters.web.render import page, static_url, version
from adapters.web.search_address import MOST_QUERY, chosen_in
from adapters.web.template_values import CHANGES, Action, actions, plain, reply_view
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Button, Reply, Request
from bot.app.pages import SearchForm, Visit, changed_meanwhile, day_view, search_form
from bot.app.ports import Clock
from bot.app.ports.pictures import MapMaker
from bot.app.text import Reader, s
from bot.app.text.web_side import WebSide
from bot.app.text.written_times import written
from bot.domain.attendee.private_address import form_token, is_form_token
from bot.domain.schedule.session import Session
from bot.domain.times.zones import day_of

HTML, SCRIPT, MANIFEST = "text/html; charset=utf-8", "text/javascript; charset=utf-8", "application/manifest+json"
MOST_BYTES, MOST_FIELDS = 4_096, 12
"""Limits of a change."""
PAGE_SIZE = 25
"""Sessions on a page of a search."""
MARK = "1970-01-01T00:00:00+00:00"
"""Stands for the time at which a page was made while its ETag is computed: that alone is no change."""
ROOT, FOLDER = "../../", "../../../"
"""The way to the root of the site from the page of a person, and from a page one folder below it."""


@dataclass(slots=True)
class Moments:
    """The current time as text, formatted at most once a second."""

    clock: Clock
    _second: int = -1
    _text: str = ""

    def now(self) -> tuple[datetime, str, int]:
        """Return the time, the time as text with seconds, and the number of its minute."""
        now = self.clock.now()
        second = int(now.timestamp())
        if second != self._second:
            self._second, self._text = second, now.isoformat(timespec="seconds")
        return now, self._text, second // 60


@dataclass(frozen=True, slots=True)
class PersonalPages:
    """Answers the requests of one person, whose identity was checked before.

    Attributes:
        cache: the bodies of earlier answers.
        side: the public address of this installation.
    """

    dispatch: Dispatcher
    cache: PrivateCache
    side: WebSide
    draw: MapMaker
    moments: Moments = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Create the cached clock."""
        object.__setattr__(self, "moments", Moments(self.dispatch.clock))

    async def day(self, request: web.Request, secret: str, seen: Seen) -> web.StreamResponse:
        """Return the page of one day of the person."""
        now, text, minute = self.moments.now()
        wanted = _day_of(request.query.get("day", "")) if request.query_string else None
        name = wanted, minute
        body = self.cache.bodies.get(seen, name)
        if body is None:
            async with self.dispatch.precedence.place():
                body = await self._day_body(secret, seen.visit, now, wanted)
            self.cache.bodies.put(seen, name, body)
        return body.answer(request, text)

    def _now(self) -> str:
        return self.moments.now()[1]

    async def _day_body(self, secret: str, visit: Visit, now: datetime, wanted: date | None) -> Body:
        view, common = day_view(visit, now, wanted), self._common(secret, visit, "./", ROOT)
        await self.dispatch.precedence.turn()
        choices = self._choices(visit, now)
        following = view.next
        is_walked_to = following is not None and not (following.session.is_block and following.session.needs_no_walk)
        first = [self._action("onmyway", s("On my way"), following.session)] if following and is_walked_to else []
        html = page(
            "day.html",
            **common,
            day=view,
            map=self.draw(view.venues, view.path),
            way=", ".join(
                dict.fromkeys(stop.session.venue for stop in view.stops if stop.assumed and stop.session.venue)
            ),
            choices=choices,
            next_actions=[*first, *(choices(following.session.id) if following else ())],
            questions=[(texts, actions(buttons, "./")) for texts, buttons in view.questions],
            query="",
        )
        return _body_of(html, visit, now)

    async def find(self, request: web.Request, secret: str, seen: Seen) -> web.StreamResponse:
        """Return the page of a search in the whole schedule, as `/find` answers it."""
        typed, visit = request.query.get("q", "")[:MOST_QUERY].strip(), seen.visit
        today = day_of(self.dispatch.clock.now(), visit.schedule.conference.tz)
        form = search_form(visit.search, today, typed, chosen_in(request))
        async with self.dispatch.precedence.place():
            reply = await self._ask(visit, "find", {"words": form.line})
            body = self._answer(secret, visit, reply, s("Sessions"), "./", form)
        return body.answer(request, self._now())

    async def session(self, request: web.Request, secret: str, seen: Seen) -> web.StreamResponse:
        """Return the page of one session, as `/session` answers it."""
        session = seen.visit.schedule.by_id.get(request.match_info["session"])
        if session is None:
            raise web.HTTPNotFound(headers=PRIVATE)
        async with self.dispatch.precedence.place():
            reply = await self._ask(seen.visit, "session", {"code": session.code})
            body = self._answer(secret, seen.visit, reply, session.title, "../", None, session)
        return body.answer(request, self._now())

    async def change(self, request: web.Request, secret: str, seen: Seen) -> web.StreamResponse:
        """Run a command that changes something, and answer with its reply."""
        sent = await self._sent(request, secret)
        command, visit = str(sent.pop("command", "")), seen.visit
        if command not in CHANGES or command not in self.dispatch.commands:
            raise web.HTTPBadRequest(headers=PRIVATE, text="This page cannot do that.")
        revision = sent.pop("seen", "")
        arguments = {name.removeprefix("a."): value for name, value in sent.items() if name.startswith("a.")}
        if not arguments.keys() <= {param.name for param in self.dispatch.commands[command].params}:
            raise web.HTTPBadRequest(headers=PRIVATE, text="This page cannot do that.")
        if refused := await self._meanwhile(secret, seen, command, arguments, sent.get("was")):
            return self._changed(request, secret, seen.visit, refused)
        seen_revision = int(revision) if revision.isdecimal() and len(revision) < 10 else None  # noqa: PLR2004 — a revision is small
        reply = await self.dispatch.handle(_request(visit, command, arguments, seen_revision))
        return self._changed(request, secret, visit, reply)

    async def _meanwhile(
        self, secret: str, seen: Seen, command: str, arguments: Mapping[str, str], was: str | None
    ) -> Reply | None:
        """Refuse a change if the choice differs from what the page showed: the last decision, on any device, counts."""
        if was is None:
            return None
        # Not from the cache: another process may have changed it a moment ago.
        visit = await self.cache.visits.find(secret) or seen.visit
        return changed_meanwhile(visit, command, arguments.get("code", ""), was)

    def _changed(self, request: web.Request, secret: str, visit: Visit, reply: Reply) -> web.StreamResponse:
        if "application/json" in request.headers.get("Accept", ""):
            return web.json_response({"ok": not reply.is_error, "text": plain(reply)}, headers=PRIVATE)
        body = self._answer(secret, visit, reply, s("Not done") if reply.is_error else s("Done"), "./", None)
        return web.Response(body=body.whole.content, headers={**PRIVATE, "Content-Type": HTML})

    async def worker(self, request: web.Request, secret: str, seen: Seen) -> web.StreamResponse:
        """Return the service worker, which opens the pages without a network."""
        del secret, seen
        names = [static_url(name, ROOT) for name in ("page.css", "times.js", "page.js", "icon.svg")]
        body = Body.of(page("sw.js", version=version(), files=names).encode(), SCRIPT, PRIVATE)
        return body.answer(request)

    async def manifest(self, request: web.Request, secret: str, seen: Seen) -> web.StreamResponse:
        """Return the web app manifest, with which a phone puts the page on its home screen."""
        del secret
        title = seen.visit.schedule.conference.title
        return Body.of(page("manifest.webmanifest", root=ROOT, title=title).encode(), MANIFEST, PRIVATE).answer(request)

    async def _ask(self, visit: Visit, command: str, arguments: Mapping[str, str]) -> Reply:
        # A glance: the numbers in the person's last list in the chat stay as they are.
        asked = _request(visit, command, arguments, glance=True)
        return await self.dispatch.handle(replace(asked, page_size=PAGE_SIZE))

    def _answer(
        self,
        secret: str,
        visit: Visit,
        reply: Reply,
        heading: str,
        here: str,
        form: SearchForm | None,
        session: Session | None = None,
    ) -> Body:
        now, root = self.dispatch.clock.now(), FOLDER if here == "../" else ROOT
        choices = self._choices(visit, now)
        # This is the web, and more than everybody sees.
        public = self.side.community("")[:-1]
        links = tuple(link for link in reply.links if not link.url.startswith(public))
        view = reply_view(replace(reply, links=links), here)
        own = choices(session.id) if session else ()
        values = {**self._common(secret, visit, here, root), "heading": heading, "choices": choices, "form": form}
        values |= {"query": form.words if form else "", "view": view, "actions": own or _links(view.actions)}
        return _body_of(page("answer.html", **values), visit, now)

    def _common(self, secret: str, visit: Visit, here: str, root: str) -> dict[str, Any]:
        reader = Reader.of(visit.attendee, visit.schedule).here()
        return {
            "here": here,
            "root": root,
            "title": visit.schedule.conference.title,
            "zone": visit.schedule.conference.zone,
            "token": form_token(secret),
            "generated": datetime.fromisoformat(MARK),
            "as_of": "@as_of@",
            "etag": "@etag@",
            "clock": lambda at: (reader.time(at),),
            "language": visit.attendee.locale,
            "hours": visit.attendee.clock.value,
        }

    def _choices(self, visit: Visit, now: datetime) -> Callable[[str], Sequence[Action]]:
        """Return the buttons of each session, by its id."""
        chosen = {attendance.session: attendance.choice.value for attendance in visit.chosen}

        def choices(id_: str) -> Sequence[Action]:
            session = visit.schedule.by_id.get(id_)
            if session is None or session.ends_at <= now:
                return ()
            choice = chosen.get(id_)
            if session.is_block:
                return [self._action("skip", s("Remove"), session)]
            going = self._choose("attend", s("Going"), session, choice)
            if choice == "going":
                return [self._choose("skip", s("Not going"), session, choice)]
            if choice:
                return [going, self._choose("skip", s("Remove"), session, choice)]
            if not session.takes_place:
                return ()
            star = [self._choose("star", s("Star"), session, choice)] if "star" in self.dispatch.commands else []
            return [going, *star]

        return choices

    def _choose(self, command: str, label: str, session: Session, choice: str | None) -> Action:
        """Return a button that carries the choice that the page showed."""
        plain_action = self._action(command, label, session)
        return replace(plain_action, fields={**plain_action.fields, "was": choice or ""})

    def _action(self, command: str, label: str, session: Session) -> Action:
        (converted,) = actions([Button(label, command, {"code": session.code}, seen=session.revision)], "./")
        return converted

    async def _sent(self, request: web.Request, secret: str) -> dict[str, str]:
        """Return the fields of a change, which must come from a page of this server."""
        origin, fetched_from = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
        own_hosts = {urlsplit(self.side.url).netloc, request.host}
        strange = origin not in (None, "null") and urlsplit(origin or "").netloc not in own_hosts
        if strange or fetched_from not in ("same-origin", "none"):
            raise web.HTTPForbidden(headers=PRIVATE, text="This change comes from another site.")
        if request.content_type != "application/x-www-form-urlencoded" or (request.content_length or 0) > MOST_BYTES:
            raise web.HTTPBadRequest(headers=PRIVATE, text="This page cannot do that.")
        sent = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        if len(sent) > MOST_FIELDS or not is_form_token(sent.pop("token", ""), secret):
            raise web.HTTPForbidden(headers=PRIVATE, text="Open the page again.")
        return sent


def _body_of(html: str, visit: Visit, now: datetime) -> Body:
    """The page with the time at which it was made, which is no part of its ETag."""
    reader = Reader.of(visit.attendee, visit.schedule).here()
    tag = sha256(html.encode()).hexdigest()[:24]
    html = html.replace(MARK, now.isoformat(timespec="seconds")).replace("@as_of@", written(reader.day_time(now)))
    return Body.of(html.replace("@etag@", tag).encode(), HTML, PRIVATE, f'W/"{tag}"')


def _request(
    visit: Visit, command: str, arguments: Mapping[str, str], seen: int | None = None, *, glance: bool = False
) -> Request:
    attendee = visit.attendee
    community = attendee.community
    return Request(
        community.platform, community.tenant, attendee.user, command, arguments=arguments, seen=seen, glance=glance
    )


def _links(links: Sequence[Action]) -> Sequence[Action]:
    """The actions that lead to another page: those about a session stand at its card."""
    return [action for action in links if action.href]


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
