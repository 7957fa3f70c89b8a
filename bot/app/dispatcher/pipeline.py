"""Answer a request: identify the requester, authorize, parse the arguments, run the command, decorate the reply."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import TypeVar

import structlog

from bot.app.access.authorization import authorize, may_ask
from bot.app.access.identity import (
    delivery_warning,
    find_attendee,
    is_up_to_date,
    resolve_tenant,
)
from bot.app.command_spec import (
    Access,
    Command,
    Context,
    Effect,
    Option,
    Requirement,
    StaticCommand,
    StaticContext,
    WriteNeededError,
    find_command,
)
from bot.app.dispatcher.arguments import as_typed, normalized, parse, with_arguments
from bot.app.dispatcher.fair_slots import NoSlotError
from bot.app.dispatcher.limits import CommandLimits
from bot.app.dispatcher.personal import join, personal
from bot.app.dispatcher.plain import ask_which, greeting, not_understood, typed_command, with_start
from bot.app.dispatcher.precedence import Precedence
from bot.app.dispatcher.replies import (
    ask_for_conference,
    crowded,
    decorate,
    error_reply,
    is_new_list,
    only_for_organizers,
    too_many,
    unexpected,
    unknown_command,
    with_changes,
    with_list,
)
from bot.app.dispatcher.sender_permissions import with_permissions
from bot.app.messages import Reply, Request
from bot.app.plain_words import MAX_CHARACTERS, Understood, understand
from bot.app.ports import Clock, FeedManager, Messenger, ScheduleEditor, Store, UnitOfWork
from bot.app.ports.pictures import Painter
from bot.app.runtime.metrics import Metrics, NoMetrics
from bot.app.schedules.cache import CachedSchedule, ScheduleCache
from bot.app.schedules.following import keeps_nothing
from bot.app.schedules.replanning import replan
from bot.app.text import Reader, error_text, t
from bot.app.text.page_links import with_linked_titles
from bot.app.text.web_side import WebSide
from bot.domain.attendee.attendee import Attendee
from bot.domain.errors import HallwayError, StoreError
from bot.domain.schedule.conference import Schedule

WAKES_DELIVERY = frozenset({Effect.WRITE_AND_REPLAN, Effect.WRITE_AND_DELIVER})
"""After these, a delivery may be due earlier than the scheduler expects."""

MAX_NAME_CHARACTERS = 40
"""The most characters of an unknown command's name that are compared with other names, and shown."""
EXTERNAL_AT_ONCE = 3
"""How many commands wait for servers of others at a time: each keeps a connection to the database meanwhile."""

T = TypeVar("T")

log = structlog.get_logger("hallway.dispatch")


def _no_delivery() -> None:
    """The default of `on_replan`, for a process that delivers nothing."""


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Answers requests.

    Attributes:
        on_replan: called after a commit that may make a delivery due earlier.
        feeds: None if this process fetches no schedules.
        editor: None if this process imports no schedules.
        messengers: the messengers by platform; used to get the permissions of the sender of a direct message from the
            platform.
        limits: the limits of one person's requests; None for no limits.
        web: where browsers reach this installation; None if they do not.
        painter: draws pictures; None if this process draws none.
        precedence: makes pages wait while a request is answered.
    """

    store: Store
    clock: Clock
    schedules: ScheduleCache
    commands: Mapping[str, Command]
    on_replan: Callable[[], None] = _no_delivery
    feeds: FeedManager | None = None
    messengers: Mapping[str, Messenger] = field(default_factory=dict)
    editor: ScheduleEditor | None = None
    limits: CommandLimits | None = None
    metrics: Metrics = field(default_factory=NoMetrics)
    painter: Painter | None = None
    web: WebSide | None = None
    precedence: Precedence = field(default_factory=Precedence, repr=False)
    _external: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EXTERNAL_AT_ONCE), repr=False)

    def refusal(self, request: Request) -> Reply | None:
        """Count a request, and return the reply to a person who asked too often; None if the request is answered.

        Adapters that answer from a cache ask this first; `handle` does it by itself.
        """
        wait = self.limits.wait_for_command(request) if self.limits else 0
        if not wait:
            return None
        self.metrics.request_refused("person")
        return too_many(wait)

    async def handle(self, request: Request) -> Reply:
        """Return the reply to `request`. Every exception except a cancellation becomes an error reply."""
        # Hallway itself asks for a glance, when it updates what a person sees.
        if not request.glance and (refusal := self.refusal(request)):
            return refusal
        return await self.handle_admitted(request)

    async def handle_admitted(self, request: Request) -> Reply:
        """Like `handle`, for a request that `refusal` or `interpret` has counted."""
        with self.precedence.chat():
            return await self._guarded(request, self._answer)

    async def interpret(self, request: Request) -> Request | Reply | None:
        """Read plain words, such as "what's next", and count them.

        Args:
            request: its `line` is what a person wrote to Hallway; its command does not matter.

        Returns:
            The request that the words mean, for `handle_admitted`; a reply if they are unclear, or if the person asked
            too often; None if they need no answer.
        """
        request = replace(request, line=normalized(request.line[:MAX_CHARACTERS]).strip())
        wait = self.limits.wait_for_command(request) if self.limits else 0
        if wait:
            self.metrics.request_refused("person")
            # The refusal is a message, which takes from the limit of the nudges: a flood of words gets one, not many.
            return too_many(wait) if self.limits and self.limits.may_refuse(request) else None
        if typed := typed_command(request):
            return typed
        with self.precedence.chat():
            return await self._guarded(request, self._interpret)

    async def _guarded(self, request: Request, work: Callable[[Request], Awaitable[T]]) -> T | Reply:
        """Do the work in a slot of the community. Every exception except a cancellation becomes an error reply."""
        try:
            if self.limits is None:
                return await work(request)
            async with self.limits.slots.slot((request.platform, request.tenant)):
                return await work(request)
        except NoSlotError:
            self.metrics.request_refused("community")
            return crowded()
        except StoreError as error:
            # Its sentence names files and hosts: it is for operators.
            log.warning("a command met a fault of the database", command=request.command, fault=str(error))
            return error_reply(t("Hallway cannot reach its data at this moment: try again in a minute."))
        except HallwayError as error:
            return error_reply(error_text(error))
        # The only place where an unexpected exception becomes a message.
        except Exception:
            log_id = token_hex(4)
            log.exception("a command failed", command=request.command, log_id=log_id)
            return unexpected(log_id)

    def command_of(self, request: Request) -> Command | None:
        """Return the command of a request, with the access and effect of this use; None if there is none."""
        command = self.commands.get(request.command)
        return command.used_with(request.line, request.arguments) if command else None

    async def schedule_of(self, platform: str, tenant: str) -> Schedule | None:
        """Return the schedule that a community follows; None if it follows no conference."""
        async with self.store.read_transaction() as work:
            cached = await self.schedules.for_community(work, await work.communities.get(platform, tenant))
        return cached.schedule if cached else None

    async def may_fill_in(self, request: Request) -> bool:
        """Return whether the form of a command may be opened; False if neither the store nor the platform answers."""
        command = self.command_of(request)
        if command is None or command.access is Access.EVERYONE:
            return True
        try:
            request = await with_permissions(request, self.store, self.messengers.get(request.platform))
        except StoreError as error:
            log.warning("cannot see who organizes", fault=str(error))
            return False
        return await may_ask(self.store, request, self.clock.now())

    async def suggest(self, request: Request, param: str, typed: str) -> Sequence[Option]:
        """Return options for the parameter named `param` that fit the text typed so far; none if the store fails."""
        command = self.commands.get(request.command)
        declared = next((other for other in command.params if other.name == param), None) if command else None
        if self.limits and not self.limits.may_suggest(request):
            self.metrics.request_refused("suggestions")
            return ()
        if command is None or declared is None or len(typed) > declared.type.max_length:
            return ()
        typed = normalized(typed)
        try:
            with self.precedence.chat():
                async with self.store.read_transaction() as work:
                    request = await resolve_tenant(work, request)
                    community = await work.communities.get(request.platform, request.tenant)
                    context = self._static_context(await self.schedules.for_community(work, community))
                    if attendee := await find_attendee(work, request):
                        context = replace(context, hours=attendee.clock)
                        context = await personal(context, command, (declared,), attendee, work)
                return declared.type.suggest(typed, context)
        except HallwayError as error:
            log.warning("no suggestions", command=request.command, fault=type(error).__name__)
            return ()

    async def _interpret(self, request: Request) -> Request | Reply | None:
        async with self.store.read_transaction() as work:
            resolved = await resolve_tenant(work, request)
            attendee = await find_attendee(work, resolved)
            community = await work.communities.get(request.platform, resolved.tenant)
            context = self._static_context(await self.schedules.for_community(work, community))
        context = replace(context, last_list=attendee.last_list if attendee else ())
        understood: Understood = understand(request.line, context)
        match understood.meanings:
            case (meaning,):
                arguments = with_start(meaning, attendee, context)
                return replace(request, command=meaning.command, arguments=arguments, line="")
            case ():
                if understood.is_small_talk:
                    return None
                return greeting(context) if understood.is_greeting else not_understood(request.line, context)
        return ask_which(understood.meanings)

    async def _answer(self, request: Request) -> Reply:
        command, line = find_command(request.command, request.line, self.commands)
        if command is None:
            return unknown_command(request.command[:MAX_NAME_CHARACTERS], self.commands)
        request = as_typed(command, replace(request, command=command.name, line=line))
        command = command.used_with(request.line, request.arguments)
        if isinstance(command, StaticCommand):
            return await self._run_static(command, request)
        if command.access is Access.ORGANIZERS:
            return await self._run_for_organizer(command, request)
        return await self._run(command, request)

    async def _run_for_organizer(self, command: Command, request: Request) -> Reply:
        """Record the use in the audit log before the command runs, and mark the entry if the command fails."""
        request = await with_permissions(request, self.store, self.messengers.get(request.platform))
        entry_id = await self._authorize(command, request)
        if entry_id is None:
            return only_for_organizers(command)
        succeeded = False
        try:
            reply = await self._run(command, request)
            succeeded = not reply.is_error
        finally:
            if not succeeded:
                async with self.store.write_transaction() as work:
                    await work.audit.mark_failed(entry_id)
        return reply

    async def _authorize(self, command: Command, request: Request) -> int | None:
        """Return the id of the audit entry; None if the requester may not use the command."""
        async with self.store.write_transaction() as work:
            request = await resolve_tenant(work, request)
            community = await work.communities.add(request.platform, request.tenant)
            context = self._static_context(await self.schedules.for_community(work, community))
            return await authorize(work, with_arguments(command, request, context), community, command, context)

    # Identify the requester, in the transaction that the command needs.

    async def _run(self, command: Command, request: Request) -> Reply:
        if command.effect is Effect.EXTERNAL:
            await self._register(request)
            async with self._external:
                return await self._run_registered(command, request)
        return await self._run_registered(command, request)

    async def _run_registered(self, command: Command, request: Request) -> Reply:
        reply = None if command.effect.writes else await self._run_reading(command, request)
        if reply is None:
            reply = await self._run_writing(command, request)
        if command.effect in WAKES_DELIVERY:
            self.on_replan()
        return reply

    async def _register(self, request: Request) -> None:
        """Store the requester first: the service of an external command cannot write during our write transaction."""
        async with self.store.write_transaction() as work:
            await join(work, await resolve_tenant(work, request))

    async def _run_reading(self, command: Command, request: Request) -> Reply | None:
        """Run in a read transaction; None if something about the requester has to be written first."""
        is_direct = not request.tenant
        async with self.store.read_transaction() as work:
            request = await resolve_tenant(work, request)
            attendee = await find_attendee(work, request)
            if attendee is None or not is_up_to_date(attendee, request) or await keeps_nothing(work, attendee):
                return None
            if delivery_warning(attendee):
                # An external command keeps its read transaction; the next command adds the warning.
                external = command.effect is Effect.EXTERNAL
                return await self._execute(command, request, attendee, work) if external else None
            try:
                reply = await self._execute(command, request, attendee, work)
                reply = await decorate(reply, request, attendee, work, is_direct=is_direct)
            except WriteNeededError:
                return None
        if is_new_list(reply, request, attendee):
            await self._store_list(command, request, reply)
        return reply

    async def _store_list(self, command: Command, request: Request, reply: Reply) -> None:
        """Store the list that the answer to a question numbers; without it the answer is still good."""
        try:
            async with self.store.write_transaction() as work:
                await self._store_results(command, request, reply, work)
        except StoreError as error:
            log.warning("the numbers of a list could not be stored", command=command.name, fault=str(error))

    async def _run_writing(self, command: Command, request: Request) -> Reply:
        is_direct = not request.tenant
        async with self.store.write_transaction() as work:
            request = await resolve_tenant(work, request)
            attendee = await join(work, request)
            reply = await self._execute(command, request, attendee, work, writes=True)
            if not reply.is_error:
                await self._store_results(command, request, reply, work)
            return await decorate(reply, request, attendee, work, is_direct=is_direct)

    async def _store_results(self, command: Command, request: Request, reply: Reply, work: UnitOfWork) -> None:
        """Store the list that the reply numbers, and plan the requester's nudges again if the command asks for it."""
        attendee = await find_attendee(work, request)
        if attendee is None:
            return
        if is_new_list(reply, request, attendee):
            attendee = with_list(attendee, reply)
            await work.people.save(attendee)
        if command.effect is Effect.WRITE_AND_REPLAN:
            cached = await self.schedules.for_community(work, attendee.community)
            if cached:
                await replan(work, attendee, cached.schedule, self.clock.now())

    async def _execute(
        self, command: Command, request: Request, attendee: Attendee, work: UnitOfWork, *, writes: bool = False
    ) -> Reply:
        cached = await self.schedules.for_community(work, attendee.community)
        if cached is None and Requirement.CONFERENCE in command.requires:
            return await ask_for_conference(work, attendee.community)
        # The lists of a glance are not stored, so there a number would mean a session of another list.
        listed = () if request.glance else attendee.last_list
        context = self._context(cached, attendee, work)
        context = replace(context, writes=writes, page_size=request.page_size, last_list=listed)
        context = await personal(context, command, command.params, attendee, work)
        call = parse(command, request, context)
        if isinstance(call, Reply):
            return call
        reply = await command.handle(call, context)
        reply = with_linked_titles(reply, self.web, attendee.community, context.schedule)
        return with_changes(reply, call, Reader.of(attendee, context.schedule))

    async def _run_static(self, command: StaticCommand, request: Request) -> Reply:
        context = self._static_context(None)
        call = parse(command, request, context)
        return call if isinstance(call, Reply) else await command.handle(call, context)

    def _static_context(self, cached: CachedSchedule | None) -> StaticContext:
        cached = cached or self.schedules.empty()
        return StaticContext(
            now=self.clock.now(), schedule=cached.schedule, search=cached.search, commands=self.commands
        )

    def _context(self, cached: CachedSchedule | None, attendee: Attendee, work: UnitOfWork) -> Context:
        cached = cached or self.schedules.empty()
        return Context(
            now=self.clock.now(),
            schedule=cached.schedule,
            search=cached.search,
            commands=self.commands,
            hours=attendee.clock,
            attendee=attendee,
            work=work,
            feed_service=self.feeds,
            outlets=self.messengers,
            editor_service=self.editor,
            web=self.web,
            painter=self.painter,
        )
