"""The desk: what Slack sent becomes a request once it is acknowledged, and its reply the answer."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Any

import structlog
from cachetools import LRUCache

from adapters.actions import Action, asked_params, decode_action, repeated_action, static_reply_key
from adapters.slack.ack_priority import AckPriority
from adapters.slack.actor import Actor, asker_of, typed_of
from adapters.slack.deduplicator import Deduplicator, Name, clicked, delivered
from adapters.slack.home import HomeTab
from adapters.slack.messenger import SlackMessenger
from adapters.slack.modals import Filled, FormField, form_view
from adapters.slack.oauth.token import PLATFORM
from adapters.slack.render.message import SlackMessage, render_message
from adapters.slack.responder import Place, Responder
from adapters.slack.users import People
from bot.app.access.authorization import may_ask
from bot.app.command_spec import Access, Command, Effect, Param, StaticCommand
from bot.app.dispatcher import Dispatch
from bot.app.messages import Button, Reply, Request, Typed
from bot.app.ports import SendError
from bot.app.text import sentence
from bot.domain.errors import HallwayError

MOST_AT_ONCE, HOLDS = 2, 0.5
"""Answers that begin at a time, and seconds until one that takes long lets the next begin: more at once would answer no
more of them, and keep what comes meanwhile from being acknowledged."""
PATIENCE = 0.25
"""Seconds at most that an answer lets acknowledgements go first."""
MOST_MADE = 500
CLOSED_KINDS = frozenset({"day", "venue", "track", "level"})
"""What a form offers a list for, if it is short enough to be all of them."""
SENT = "The file is in your direct messages with me."
NOT_FOR_YOU = "Only organizers"
"""How a command begins that says no: how it is typed helps nobody then."""
NOT_SENT = "I could not send you the file by direct message"

log = structlog.get_logger("hallway.slack")


@dataclass(slots=True)
class SlackInteractionHandler:
    """Answers commands, buttons, forms and whoever opens the Home tab."""

    dispatch: Dispatch
    answers: Responder
    people: People
    messenger: SlackMessenger
    homes: HomeTab
    once: Deduplicator
    rush: AckPriority = field(default_factory=AckPriority)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    _static: LRUCache[tuple[object, ...], SlackMessage] = field(default_factory=lambda: LRUCache(MOST_MADE))

    def take(self, work: Coroutine[Any, Any, None]) -> None:
        """Work on what was acknowledged; counted, so that nobody's answer is cut short when we stop."""
        task = asyncio.create_task(self._worked(work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Wait for the answers that are under way."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def typed(self, body: Mapping[str, Any]) -> None:
        """A command was typed; without a word it may ask in a form."""
        asker, (command, line) = asker_of(body), typed_of(body)
        trigger, url = str(body.get("trigger_id")), str(body.get("response_url"))
        if not await self._is_first(command, delivered("command", trigger)):
            return
        known, action = self.dispatch.commands.get(command), Action(command, line=line)
        asks = replace(action, asks=known.form if known and not line else ())
        may = known is not None and bool(asks.asks) and await self._may_fill_in(asker, asks, known)
        if may and await self._ask(asker, asks, trigger, url, over=False):
            return
        await self._answer(asker, action, self.answers.beside(url))

    async def pressed(self, body: Mapping[str, Any]) -> None:
        """A button was pressed: it asks first, turns a page, or runs its command."""
        asker, action = asker_of(body), decode_action(_value(body))
        trigger, where = str(body.get("trigger_id")), _where(body)
        names = [delivered("press", trigger)]
        if action.page is None:
            names.append(clicked(asker.team, asker.user, where, _value(body)))
        if not await self._is_first(action.command, *names, asks=bool(action.asks)):
            return
        url = str(body.get("response_url") or "")
        over = _part(body, "view").get("type") == "modal"
        if action.asks and await self._ask(asker, action, trigger, url, over=over):
            return
        if url:
            place = self.answers.beside(url, replaces=action.page is not None)
        elif over:
            place = self.answers.instead(asker, where)
        else:
            place = self.answers.in_window(asker, trigger)
        await self._answer(asker, replace(action, asks=()), place)

    async def submitted(self, body: Mapping[str, Any], form: Filled) -> None:
        """A form was filled in."""
        asker, view = asker_of(body), str(_part(body, "view").get("id"))
        if await self._is_first(form.action.command, delivered("form", view)):
            place = self.answers.beside(form.back) if form.back else self.answers.instead(asker, view)
            await self._answer(asker, form.action, place)

    async def opened_home(self, body: Mapping[str, Any]) -> None:
        """Somebody looks at the Home tab."""
        if _part(body, "event").get("tab") == "home" and await self.is_new(body):
            await self.homes.show(asker_of(body))

    async def is_new(self, body: Mapping[str, Any]) -> bool:
        """Whether no process has met this event."""
        return await self.once.is_first([delivered("event", body.get("event_id"))], everywhere=True)

    async def _worked(self, work: Coroutine[Any, Any, None]) -> None:
        async with self._at_once:
            await self.rush.over(PATIENCE)
            task = asyncio.create_task(work)
            # Who waits for a feed, or for Slack, holds up nobody else.
            await asyncio.wait({task}, timeout=HOLDS)
        try:
            await task
        except HallwayError as fault:
            log.warning("what Slack sent could not be worked on", fault=str(fault))

    async def _is_first(self, name: str, *names: Name, asks: bool = False) -> bool:
        command = self.dispatch.commands.get(name)
        changes = command is not None and (
            command.effect.writes or command.effect is Effect.EXTERNAL or command.access is Access.ORGANIZERS
        )
        return await self.once.is_first(names, everywhere=changes and not asks)

    async def _answer(self, asker: Actor, action: Action, place: Place) -> None:
        command = self.dispatch.commands.get(action.command)
        request = await self._request(asker, action, command)
        if isinstance(command, StaticCommand):
            await place(await self._plain(request, action), True)  # noqa: FBT003 — for the asker's eyes
            return
        reply = await self.dispatch.handle(request)
        reply = reply if action.arguments else _with_usage(reply, command)
        letter = render_message(reply, repeated_action(request, command, reply), action.page or 0)
        letter = await self._with_files(asker, letter)
        await place(letter, reply.private)
        if command and command.effect.writes and not reply.is_error:
            await self.homes.changed(asker)

    async def _plain(self, request: Request, action: Action) -> SlackMessage:
        """What is the same for everybody is made once."""
        command = self.dispatch.commands.get(request.command)
        key = static_reply_key(request, action.page or 0)
        letter = self._static.get(key)
        if letter is None:
            reply = await self.dispatch.handle(request)
            reply = reply if action.arguments else _with_usage(reply, command)
            letter = render_message(reply, repeated_action(request, command, reply), action.page or 0)
            self._static[key] = letter
        return letter

    async def _with_files(self, asker: Actor, letter: SlackMessage) -> SlackMessage:
        """Files go by direct message: what only one person sees in a channel can hold none."""
        if not letter.attached:
            return letter
        files = Reply((("Here you are.",),), files=letter.attached)
        try:
            await self.messenger.hand_over(asker.team, asker.user, f"file {token_hex(8)}", files)
        except SendError as fault:
            said = render_message(Reply((sentence(f"{NOT_SENT}: {fault}."),)))
        else:
            said = render_message(Reply(((SENT,),)))
        return replace(letter, text=f"{letter.text}\n{said.text}", blocks=(*letter.blocks, *said.blocks), attached=())

    async def _request(self, asker: Actor, action: Action, command: Command | None) -> Request:
        """Slack is asked who somebody is where it matters: for what only organizers may do, and what is kept."""
        name, organizer = "", False
        static = isinstance(command, StaticCommand)
        if command and (command.access is Access.ORGANIZERS or command.effect.writes or static):
            workspace = await self._workspace(asker)
            person = await self.people.person(workspace, asker.user, anew=not static) if workspace else None
            name, organizer = (person.name or asker.name, person.organizer) if person else (asker.name, False)
        return Request(
            PLATFORM,
            asker.team,
            asker.user,
            action.command,
            action.line,
            action.arguments,
            user_name=name,
            organizer=organizer,
            seen=action.seen,
        )

    async def _workspace(self, asker: Actor) -> Any:  # noqa: ANN401 — a workspace or none
        try:
            return await self.answers.workspaces.of(asker.team, asker.enterprise)
        except HallwayError as fault:
            log.warning("a workspace could not be looked up", fault=str(fault))
            return None

    async def _may_fill_in(self, asker: Actor, action: Action, command: Command) -> bool:
        """Whether a form helps somebody; who may not use the command is told so at once."""
        if command.access is Access.EVERYONE:
            return True
        request = await self._request(asker, action, command)
        return await may_ask(self.dispatch.store, request, self.dispatch.clock.now())

    async def _ask(self, asker: Actor, action: Action, trigger: str, back: str, *, over: bool) -> bool:
        """Open the form that a button asks for; False if its command is gone, or no form fits."""
        command = self.dispatch.commands.get(action.command)
        entries = [await self._entry(asker, action, param) for param in asked_params(command, action)]
        view = form_view(replace(action, asks=()), entries, back) if entries else None
        if view is None:
            return False
        await self.answers.open(asker, trigger, view, over=over)
        return True

    async def _entry(self, asker: Actor, action: Action, param: Param[Any]) -> FormField:
        options = [(word, word) for word in param.type.options]
        if param.type.name in CLOSED_KINDS:
            request = Request(PLATFORM, asker.team, asker.user, action.command)
            found = await self.dispatch.suggest(request, param.name, "")
            options = [(each.label, each.value) for each in found] if len(found) < MOST_SUGGESTED else []
        return FormField(param.name, param.help, param.required, options, param.type.multiline)


MOST_SUGGESTED = 25
"""As many as are suggested at a time: then there may be more, and the name is typed."""


def _with_usage(reply: Reply, command: Command | None) -> Reply:
    """What went wrong with a typed line, and how it is typed; a form asks for the same."""
    said = "".join(part for line in reply.lines for part in line if isinstance(part, str))
    if not reply.is_error or command is None or not command.params or said.startswith(NOT_FOR_YOU):
        return reply
    usage = () if command.usage in said else (("Type ", Typed(command.usage), "."),)
    fill_in = Button("Fill in…", command.name, asks=tuple(param.name for param in command.params))
    return replace(reply, lines=(*reply.lines, *usage), buttons=(*reply.buttons, fill_in))


def _value(body: Mapping[str, Any]) -> str:
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    return str(first.get("value") or "") if isinstance(first, Mapping) else ""


def _where(body: Mapping[str, Any]) -> str:
    """The message or window that a button is in."""
    container = _part(body, "container")
    return str(container.get("view_id") or container.get("message_ts") or "")


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}
