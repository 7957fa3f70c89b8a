"""Turns commands, buttons, forms and Home tab events, once acknowledged, into requests, and replies into answers."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from secrets import token_hex
from types import MappingProxyType
from typing import Any

import structlog
from cachetools import LRUCache

from adapters.action_codec import (
    PICK,
    PICKED_TYPES,
    ButtonAction,
    asked_params,
    decode_action,
    repeated_action,
    static_reply_key,
)
from adapters.slack.ack_priority import AckPriority
from adapters.slack.attachments import FileDownloader
from adapters.slack.deduplicator import DeduplicationKey, Deduplicator, click_key, delivery_key
from adapters.slack.home import HomeTab
from adapters.slack.messenger import SlackMessenger
from adapters.slack.modals import FormField, form_view, refilled_view
from adapters.slack.oauth.token import PLATFORM, Workspace
from adapters.slack.payload import (
    Actor,
    container_id,
    mapping_at,
    parse_actor,
    parse_command,
    parse_message,
    pressed_value,
)
from adapters.slack.render.message import SlackMessage, render_message
from adapters.slack.responder import AnswerTarget, Responder
from adapters.slack.submissions import ACK_PATIENCE, Submission
from adapters.slack.unfurling import LinkUnfurler
from adapters.slack.usage import with_usage
from adapters.slack.users import UserDirectory
from bot.app.command_spec import Access, Command, Effect, Param, StaticCommand, find_command
from bot.app.dispatcher import Dispatcher, FairSlots, NoSlotError
from bot.app.messages import Reply, Request
from bot.app.ports import SendError
from bot.app.text import sentence
from bot.domain.errors import HallwayError

MAX_STARTING, SLOT_TIME = 2, 0.5
"""Answers that are worked out at a time, and the seconds after which a slow one gives its slot to the next. More at
once would not finish sooner, but would delay acknowledgements."""
MAX_WAITING, MAX_WAIT = 20_000, 900.0
"""Answers of one workspace that may wait for a slot, and the seconds: Slack takes an answer for half an hour."""
ACK_WAIT = 0.25
"""Seconds at most for which an answer waits for acknowledgements."""
CACHE_SIZE = 500
"""Answers of static commands that are kept rendered."""
MAX_SUGGESTIONS = 25
"""The most suggestions that one query returns: with this many there may be more, so the value is typed."""
LISTED_TYPES = frozenset({"day", "venue", "track", "level"})
"""Parameter types for which a form offers a list, if the list is complete."""
WORDS = "words"
"""The command of a request before its words are understood."""
SENT = "The file is in your direct messages with me."
NOT_SENT = "I couldn't send you the file by direct message"

log = structlog.get_logger("hallway.slack")

_release_slot: ContextVar[Callable[[], None] | None] = ContextVar("release_slot", default=None)
"""Gives away the slot of the answer that is worked out in this context."""


def _new_slots() -> FairSlots:
    return FairSlots(free=MAX_STARTING, slot_time=SLOT_TIME, max_wait=MAX_WAIT, max_waiting=MAX_WAITING)


@dataclass(slots=True)
class SlackInteractionHandler:
    """Answers commands, buttons, forms and openings of the Home tab."""

    dispatch: Dispatcher
    responder: Responder
    users: UserDirectory
    messenger: SlackMessenger
    home_tab: HomeTab
    deduplicator: Deduplicator
    downloader: FileDownloader
    unfurler: LinkUnfurler
    ack_priority: AckPriority = field(default_factory=AckPriority)
    ack_patience: float = ACK_PATIENCE
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _slots: FairSlots = field(default_factory=_new_slots)
    _static_answers: LRUCache[tuple[object, ...], SlackMessage] = field(default_factory=lambda: LRUCache(CACHE_SIZE))

    def start(self, work: Coroutine[Any, Any, object], team: str, *, yields: bool = True) -> None:
        """Run `work` in the background, after its request was acknowledged; `finish` waits for it.

        Workspaces whose answers wait take turns.

        Args:
            yields: wait for acknowledgements first; False if the acknowledgement of the request waits for the work.
        """
        task = asyncio.create_task(self._run(work, team, yields=yields))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until all answers are given."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def handle_command(self, body: Mapping[str, Any]) -> None:
        """Answer a slash command; without arguments it may open a form."""
        actor, (name, line) = parse_actor(body), parse_command(body)
        named, line = find_command(name, line, self.dispatch.commands)
        name = named.name if named else name
        trigger, response_url = str(body.get("trigger_id")), str(body.get("response_url"))
        target = self.responder.to_channel(response_url)
        if await self._is_refused(actor, name, target):
            return
        command, action = self.dispatch.commands.get(name), ButtonAction(name, line=line)
        if not await self._is_first(action, delivery_key("command", trigger)):
            return
        form = _form_of(command, action)
        if form.asks and await self._open_form(actor, form, trigger, response_url, on_top=False):
            return
        await self._answer(actor, action, target)

    async def handle_button(self, body: Mapping[str, Any]) -> None:
        """Open the form of a button, turn a page, or run the button's command."""
        actor, value = parse_actor(body), pressed_value(body)
        action, trigger, container = decode_action(value), str(body.get("trigger_id")), container_id(body)
        response_url = str(body.get("response_url") or "") or None
        in_modal = mapping_at(body, "view").get("type") == "modal"
        if response_url:
            target = self.responder.to_channel(response_url, replaces=action.page is not None)
        elif in_modal:
            target = self.responder.to_open_modal(actor, container)
        else:
            target = self.responder.to_new_modal(actor, trigger)
        refused_at = self.responder.to_channel(response_url) if response_url else target
        if await self._is_refused(actor, action.command, refused_at):
            return
        keys = [delivery_key("press", trigger)]
        if action.page is None:
            keys.append(click_key(actor.team, actor.user, container, value))
        if not await self._is_first(action, *keys, opens_form=bool(action.asks)):
            return
        if action.asks and await self._open_form(actor, action, trigger, response_url, on_top=in_modal):
            return
        await self._answer(actor, replace(action, asks=()), target)

    async def handle_form(self, submission: Submission) -> None:
        """Run the command of a submitted form. If it refuses, the form is shown again with what was filled in."""
        form, view = submission.form, mapping_at(submission.body, "view")
        actor, view_id, name = parse_actor(submission.body), str(view.get("id")), form.action.command
        if refusal := self.dispatch.refusal(Request(PLATFORM, actor.team, actor.user, name)):
            await self._return_form(actor, submission, render_message(refusal))
            return
        # The hash tells a form that is sent again, after it was refused, from one that Slack delivers twice.
        if not await self._is_first(form.action, delivery_key("form", view_id, view.get("hash") or "")):
            submission.settle(None)
            return
        reply, message = await self._reply(actor, form.action, form.files)
        if reply.is_error:
            await self._return_form(actor, submission, message)
            return
        to_channel = submission.settle(None) and form.response_url
        target = self.responder.to_channel(to_channel) if to_channel else self.responder.to_open_modal(actor, view_id)
        await _deliver(target, message, private=reply.private)
        await self._refresh_home(actor, form.action)

    async def _return_form(self, actor: Actor, submission: Submission, message: SlackMessage) -> None:
        """Show a form again, by its acknowledgement or else by an update of the modal that waits."""
        view = mapping_at(submission.body, "view")
        filled = refilled_view(view, message)
        if not submission.settle(filled):
            await self.responder.update_modal(actor, str(view.get("id")), filled)

    async def handle_home_opened(self, body: Mapping[str, Any]) -> None:
        """Publish the Home tab that a user opened."""
        if mapping_at(body, "event").get("tab") == "home" and await self.is_new_event(body):
            actor = parse_actor(body)
            if self.dispatch.refusal(Request(PLATFORM, actor.team, actor.user, "home")) is None:
                await self.home_tab.show(actor)

    async def handle_message(self, body: Mapping[str, Any]) -> None:
        """Answer plain words: a direct message in the same conversation, a mention so that only its author sees it."""
        message = parse_message(body)
        if message is None:
            return
        actor = parse_actor(body)
        # Slack may send one message as two events, and sends an event again if it was not acknowledged in time.
        if not await self.deduplicator.is_first([delivery_key("words", message.channel, message.id)], everywhere=True):
            return
        meant = await self.dispatch.interpret(Request(PLATFORM, actor.team, actor.user, WORDS, message.text))
        target = self.responder.to_message(actor, message)
        if isinstance(meant, Request):
            await self._answer(actor, ButtonAction(meant.command, meant.arguments, line=meant.line), target)
        elif meant is not None:
            await _deliver(target, render_message(meant), private=True)

    async def is_new_event(self, body: Mapping[str, Any]) -> bool:
        """Return whether no process has received this event before."""
        return await self.deduplicator.is_first([delivery_key("event", body.get("event_id"))], everywhere=True)

    async def _run(self, work: Coroutine[Any, Any, object], team: str, *, yields: bool) -> None:
        try:
            async with self._slots.slot((PLATFORM, team)) as release:
                _release_slot.set(release)
                if yields:
                    await self.ack_priority.wait_until_idle(ACK_WAIT)
                await work
        except NoSlotError:
            work.close()
            log.warning("an answer was left out: too many wait", team=team)
        except HallwayError as fault:
            log.warning("what Slack sent could not be worked on", fault=str(fault))

    async def _is_refused(self, actor: Actor, name: str, target: AnswerTarget) -> bool:
        """Count an interaction; if the person had too many, say so before anything is read, written or asked."""
        refusal = self.dispatch.refusal(Request(PLATFORM, actor.team, actor.user, name))
        if refusal is None:
            return False
        await _deliver(target, render_message(refusal), private=True)
        return True

    async def _is_first(self, action: ButtonAction, *keys: DeduplicationKey, opens_form: bool = False) -> bool:
        command = self._command_of(action)
        has_effect = command is not None and (
            command.effect.writes or command.effect is Effect.EXTERNAL or command.access is Access.ORGANIZERS
        )
        return await self.deduplicator.is_first(keys, everywhere=has_effect and not opens_form)

    def _command_of(self, action: ButtonAction) -> Command | None:
        """Return the command of an action, with the access and effect of this use."""
        command = self.dispatch.commands.get(action.command)
        return command.used_with(action.line, action.arguments) if command else None

    async def _answer(self, actor: Actor, action: ButtonAction, target: AnswerTarget) -> None:
        command = self._command_of(action)
        if isinstance(command, StaticCommand):
            request = await self._request(actor, action, command)
            await _deliver(target, await self._static_answer(request, action, command), private=True)
            return
        reply, message = await self._reply(actor, action)
        await _deliver(target, message, private=reply.private)
        if not reply.is_error:
            await self._refresh_home(actor, action)

    async def _reply(
        self, actor: Actor, action: ButtonAction, files: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
    ) -> tuple[Reply, SlackMessage]:
        """Run the command of an action; return its reply, and that as a message."""
        command = self._command_of(action)
        request = await self._request(actor, action, command)
        request = replace(request, attached=self.downloader.attached(actor, files))
        reply = await self.dispatch.handle_admitted(request)
        return reply, await self._with_files(actor, _render(reply, request, action, command))

    async def _refresh_home(self, actor: Actor, action: ButtonAction) -> None:
        """Show what a command has changed in the Home tab."""
        command = self._command_of(action)
        if command and command.effect.writes:
            await self.home_tab.refresh_for(actor)

    async def _static_answer(self, request: Request, action: ButtonAction, command: Command) -> SlackMessage:
        """Render an answer that is the same for everybody once."""
        key = static_reply_key(request, action.page or 0)
        message = self._static_answers.get(key)
        if message is None:
            reply = await self.dispatch.handle_admitted(request)
            message = _render(reply, request, action, command)
            if not reply.is_error:
                self._static_answers[key] = message
        return message

    async def _with_files(self, actor: Actor, message: SlackMessage) -> SlackMessage:
        """Send files by direct message, because an ephemeral message cannot hold any."""
        if not message.attached:
            return message
        files = Reply((("Here you are.",),), files=message.attached)
        try:
            await self.messenger.send_files(actor.team, actor.user, f"file {token_hex(8)}", files)
        except SendError as fault:
            note = render_message(Reply((sentence(f"{NOT_SENT}: {fault}."),)))
        else:
            note = render_message(Reply(((SENT,),)))
        text, blocks = f"{message.text}\n{note.text}", (*message.blocks, *note.blocks)
        return replace(message, text=text, blocks=blocks, attached=())

    async def _request(self, actor: Actor, action: ButtonAction, command: Command | None) -> Request:
        """Build the request; Slack is asked about the user where organizers' rights or stored names depend on it."""
        name, organizer, locale = "", False, ""
        static = isinstance(command, StaticCommand)
        if command and (command.access is Access.ORGANIZERS or command.effect.writes or static):
            name = actor.name
            if workspace := await self._workspace(actor):
                user = await self.users.get(workspace, actor.user, recheck_organizer=not static)
                name, organizer, locale = user.name or actor.name, user.organizer, user.locale
        return Request(
            PLATFORM,
            actor.team,
            actor.user,
            action.command,
            action.line,
            action.arguments,
            user_name=name,
            organizer=organizer,
            # Slack has no method that says who may call everybody; the strictest setting is for admins and owners.
            notify=organizer,
            seen=action.seen,
            locale=locale,
        )

    async def _workspace(self, actor: Actor) -> Workspace | None:
        try:
            return await self.responder.workspaces.find(actor.team, actor.enterprise)
        except HallwayError as fault:
            log.warning("a workspace could not be looked up", fault=str(fault))
            return None

    async def _may_fill_in(self, actor: Actor, action: ButtonAction, command: Command) -> bool:
        """Return whether the user may use the command; Slack is asked about the user only for organizers' commands."""
        if command.access is Access.EVERYONE:
            return True
        return await self.dispatch.may_fill_in(await self._request(actor, action, command))

    async def _open_form(
        self, actor: Actor, action: ButtonAction, trigger: str, response_url: str | None, *, on_top: bool
    ) -> bool:
        """Open the form of an action.

        False if its command does not exist any more, the user may not use it, or the form is too long: then the reply
        to the command says so.
        """
        command = self._command_of(action)
        if command is None or not await self._may_fill_in(actor, action, command):
            return False
        fields = [
            field for param in asked_params(command, action) for field in await self._form_fields(actor, action, param)
        ]
        view = form_view(replace(action, asks=()), fields, response_url) if fields else None
        if view is None:
            return False
        await self.responder.open_modal(actor, trigger, view, on_top=on_top)
        return True

    async def _form_fields(self, actor: Actor, action: ButtonAction, param: Param[Any]) -> list[FormField]:
        """Return the fields for a parameter: some have a list of usual values beside the text."""
        options = [(word, word) for word in param.type.options]
        picks = []
        if param.type.name in LISTED_TYPES | PICKED_TYPES:
            request = Request(PLATFORM, actor.team, actor.user, action.command)
            suggestions = await self.dispatch.suggest(request, param.name, "")
            listed = [(suggestion.label, suggestion.value) for suggestion in suggestions]
            if param.type.name in LISTED_TYPES:
                options = listed if len(listed) < MAX_SUGGESTIONS else []
            elif listed:
                picks = [FormField(f"{param.name}{PICK}", "", 0, options=listed, label=param.name.capitalize())]
        field = FormField(
            param.name,
            param.help,
            param.type.max_length,
            required=param.required,
            options=options,
            lines=param.type.multiline,
            is_file=param.type.name == "file",
            # In the settings, "none" is a value too, and Slack's list has only channels.
            is_channel=param.type.name == param.name == "channel",
            value=action.arguments.get(param.name, ""),
            label=f"{param.name.capitalize()}, in words" if picks else "",
        )
        return [*picks, field]


def _form_of(command: Command | None, action: ButtonAction) -> ButtonAction:
    """Return the action with the fields that its command asks for: after its name alone, or after a single word."""
    if command is None:
        return action
    word = action.line.strip().casefold()
    if word in command.forms:
        return ButtonAction(action.command, {command.params[0].name: word}, asks=command.forms[word])
    return replace(action, asks=() if word else command.form)


async def _deliver(target: AnswerTarget, message: SlackMessage, *, private: bool) -> None:
    """Send an answer; Slack may take long, so the next answer is worked out meanwhile."""
    if release := _release_slot.get():
        release()
    await target(message, private)


def _render(reply: Reply, request: Request, action: ButtonAction, command: Command | None) -> SlackMessage:
    reply = reply if action.arguments else with_usage(reply, command, action.line)
    return render_message(reply, repeated_action(request, command, reply), action.page or 0)
