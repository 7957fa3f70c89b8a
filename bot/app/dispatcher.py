"""From a request to a reply: who asks, what they mean, whether they may, and one place for what goes wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from secrets import token_hex
from typing import Any, cast

import structlog

from bot.app.access.authorization import admitted
from bot.app.access.identity import is_settled, placed, switches, unreached, welcomed
from bot.app.command_spec import Access, Call, Command, Context, Effect, Option, Param, Requirement, UnclearError
from bot.app.command_spec.parser import arguments_of
from bot.app.messages import Button, Reply, Request, Text, Typed
from bot.app.ports import Clock, Desk, Messenger, Permissions, SendError, Store, UnitOfWork
from bot.app.schedules.cache import ScheduleCache, followed
from bot.app.schedules.replanning import replan
from bot.app.text import Reader, either, s, sentence, session_line, t
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.errors import BadInputError, HallwayError
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

NEAREST = 3
WAKES_DELIVERY = frozenset({Effect.WRITE_AND_REPLAN, Effect.WRITE_AND_DELIVER})
"""After these, a delivery may be due earlier than the scheduler expects."""

log = structlog.get_logger("hallway.dispatch")


def _nothing_owed() -> None:
    """What happens after a change of plans where nobody has to be woken for it."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Answers every request with a reply, whatever happens; `on_replan` is told when something may be due sooner.

    `messengers` are asked what somebody may do where a request does not say it, and how fast they are.
    """

    store: Store
    clock: Clock
    shelf: ScheduleCache
    commands: Mapping[str, Command]
    on_replan: Callable[[], None] = _nothing_owed
    desk: Desk | None = None
    messengers: Mapping[str, Messenger] = field(default_factory=dict)

    async def handle(self, request: Request) -> Reply:
        """The answer to `request`; never raises but for cancellation."""
        try:
            return await self._answer(request)
        except HallwayError as fault:
            return _error(sentence(str(fault)))
        # The one place where an exception becomes a sentence.
        except Exception:
            log_id = token_hex(4)
            log.exception("a command failed", command=request.command, log_id=log_id)
            return _error(
                t(
                    "Sorry, something went wrong on my side, and nothing was changed. "
                    "Try again, or tell an organizer: log id {log_id}.",
                    log_id=log_id,
                )
            )

    async def schedule_of(self, platform: str, tenant: str) -> Schedule | None:
        """The schedule that a community follows, if any."""
        async with self.store.read_transaction() as work:
            community = await work.communities.get(platform, tenant)
            slug = await followed(work, community.conference if community else None)
            shelved = await self.shelf.take(work, slug) if slug else None
        return shelved.schedule if shelved else None

    async def suggest(self, request: Request, param: str, typed: str) -> Sequence[Option]:
        """What may be meant in `param` by what somebody has typed so far; nothing if something goes wrong."""
        command = self.commands.get(request.command)
        found = next((each for each in command.params if each.name == param), None) if command else None
        if found is None:
            return ()
        try:
            async with self.store.read_transaction() as work:
                context = await self._browsing(work, await placed(work, request))
                return found.kind.suggest(typed, context)
        except HallwayError as fault:
            log.warning("no suggestions", command=request.command, fault=type(fault).__name__)
            return ()

    async def _browsing(self, work: UnitOfWork, request: Request) -> Context:
        """What suggestions are made from, also for somebody who never used Hallway."""
        community = await work.communities.get(request.platform, request.tenant)
        slug = await followed(work, community.conference if community else None)
        shelved = await self.shelf.take(work, slug) if slug else None
        shelved = shelved or self.shelf.empty()
        nobody = Attendee(0, community or Community(0, request.platform, request.tenant), request.user)
        return Context(self.clock.now(), nobody, shelved.schedule, shelved.search, work, self.commands)

    async def _answer(self, request: Request) -> Reply:
        command = self.commands.get(request.command)
        if command is None:
            return _no_such_command(request.command, self.commands)
        if command.access is Access.ORGANIZERS:
            return await self._for_organizers(command, request)
        return await self._carried_out(command, request)

    async def _for_organizers(self, command: Command, request: Request) -> Reply:
        """It is in the log before anything happens, and if nothing came of it the log says so."""
        deed = await self._admitted(command, request)
        if deed is None:
            return _error(t("Only organizers can use {command}.", command=Typed(f"/{command.name}")))
        done = False
        try:
            reply = await self._carried_out(command, request)
            done = not reply.is_error
        finally:
            if not done:
                async with self.store.write_transaction() as work:
                    await work.audit.failed(deed)
        return reply

    async def _carried_out(self, command: Command, request: Request) -> Reply:
        direct = not request.tenant
        if command.effect is Effect.STATIC:
            return await self._handled_plainly(command, request)
        if command.effect is Effect.EXTERNAL:
            await self._introduce(request)
        if not command.effect.writes and (reply := await self._read_only(command, request, direct=direct)):
            return reply
        async with self.store.write_transaction() as work:
            request = await placed(work, request)
            attendee = await welcomed(work, request)
            reply = await self._handled(command, request, attendee, work)
            if not reply.is_error:
                await self._afterwards(command, request, reply, work)
            reply = await self._with_news(reply, request, attendee, work, direct=direct)
        if command.effect in WAKES_DELIVERY:
            self.on_replan()
        return reply

    async def _admitted(self, command: Command, request: Request) -> int | None:
        """The id in the log if somebody may use an organizers' command now, None if it is refused there."""
        request = await self._with_standing(request)
        async with self.store.write_transaction() as work:
            request = await placed(work, request)
            community = await work.communities.add(request.platform, request.tenant)
            return await admitted(work, request, community, command, await self._browsing(work, request))

    async def _with_standing(self, request: Request) -> Request:
        """A direct message does not say what its sender may do in a community: the platform is asked."""
        messenger = self.messengers.get(request.platform)
        if request.tenant or request.organizer or messenger is None:
            return request
        async with self.store.read_transaction() as work:
            community = next(iter(await work.communities.of(request.platform, request.user)), None)
        try:
            standing = await messenger.standing(community, request.user) if community else Permissions()
        except SendError:
            return request
        return replace(request, organizer=standing.organizer, roles=standing.roles)

    async def _introduce(self, request: Request) -> None:
        """Keep what a request says of its asker first: the desk could not write while we do."""
        async with self.store.write_transaction() as work:
            await welcomed(work, await placed(work, request))

    async def _read_only(self, command: Command, request: Request, *, direct: bool) -> Reply | None:
        """The reply without a write transaction; None for whoever brings news of themselves that has to be kept."""
        async with self.store.read_transaction() as work:
            request = await placed(work, request)
            attendee = await work.people.find(*_who(request))
            if attendee is None or not is_settled(attendee, request):
                return None
            if unreached(attendee):
                # Told with the next command, if this one has the desk do the writing.
                return (
                    await self._handled(command, request, attendee, work) if command.effect is Effect.EXTERNAL else None
                )
            reply = await self._handled(command, request, attendee, work)
            reply = await self._with_news(reply, request, attendee, work, direct=direct)
        if reply.listed and reply.listed != attendee.last_list and not request.glance:
            async with self.store.write_transaction() as work:
                await self._afterwards(command, request, reply, work)
        return reply

    async def _with_news(
        self, reply: Reply, request: Request, attendee: Attendee, work: UnitOfWork, *, direct: bool
    ) -> Reply:
        """The reply with what its reader has to hear besides: where a nudge failed, which community this is for."""
        if direct:
            reply = replace(reply, buttons=(*reply.buttons, *await switches(work, request)))
        # The command may just have mended it, or forgotten its asker.
        fresh = await work.people.find(*_who(request)) if unreached(attendee) else None
        if fresh and (news := unreached(fresh)):
            await work.people.reached({attendee.id: replace(attendee.reach, told=True)})
            lines, buttons = (*reply.lines, *news.lines), (*reply.buttons, *news.buttons)
            reply = replace(reply, lines=lines, buttons=buttons)
        return reply

    async def _handled(self, command: Command, request: Request, attendee: Attendee, work: UnitOfWork) -> Reply:
        slug = await followed(work, attendee.community.conference)
        shelved = await self.shelf.take(work, slug) if slug else None
        if shelved is None and Requirement.CONFERENCE in command.requires:
            return await _which_conference(work)
        shelved = shelved or self.shelf.empty()
        place, rest = (shelved.schedule, shelved.search, work), (self.desk, self.messengers)
        return await _run(command, request, Context(self.clock.now(), attendee, *place, self.commands, *rest))

    async def _handled_plainly(self, command: Command, request: Request) -> Reply:
        """Without the store: whoever is new here becomes known with the next command."""
        nobody = Attendee(0, Community(0, request.platform, request.tenant), request.user)
        shelved = self.shelf.empty()
        work = cast("UnitOfWork", None)
        return await _run(
            command,
            request,
            Context(self.clock.now(), nobody, shelved.schedule, shelved.search, work, self.commands, self.desk),
        )

    async def _afterwards(self, command: Command, request: Request, reply: Reply, work: UnitOfWork) -> None:
        """Keep the list that numbers refer to, and plan anew what the asker is owed, in the same transaction."""
        attendee = await work.people.find(*_who(request))
        if attendee is None:
            return
        if reply.listed and reply.listed != attendee.last_list and not request.glance:
            attendee = replace(attendee, last_list=reply.listed)
            await work.people.save(attendee)
        slug = await followed(work, attendee.community.conference)
        shelved = await self.shelf.take(work, slug) if slug and command.effect is Effect.WRITE_AND_REPLAN else None
        if shelved:
            await replan(work, attendee, shelved.schedule, self.clock.now())


def _who(request: Request) -> tuple[str, str, str]:
    return request.platform, request.tenant, request.user


def _read(param: Param[Any], given: Mapping[str, str], command: Command, context: Context) -> Mapping[str, object]:
    text = given.get(param.name, "").strip()
    # A button says the word that leads to it too, so that it can be typed as it stands.
    text = text.removeprefix(f"{param.lead} ") if param.led else text
    if text:
        return {param.name: param.kind.read(text, context)}
    if param.required:
        raise BadInputError(_question(param, command))
    return {}


def _question(param: Param[Any], command: Command) -> str:
    """The sentence for a required parameter that was left out, with an example."""
    question = param.question or s(
        "Type {usage} ({name}: {help}).", usage=command.usage, name=param.name, help=param.help
    )
    if not command.examples:
        return question
    return s("{question} Try {example}", question=question, example=command.examples[0])


async def _run(command: Command, request: Request, context: Context) -> Reply:
    given = request.arguments or arguments_of(request.line, command.params, context)
    values: dict[str, object] = {}
    for param in command.params:
        try:
            values |= _read(param, given, command, context)
        except UnclearError as unclear:
            return _choices(unclear, command, param, given)
    reply = await command.handle(Call(request, values), context)
    if request.seen is None:
        return reply
    changes = tuple(_since(request.seen, value, context) for value in values.values() if isinstance(value, Session))
    return replace(reply, lines=(*filter(None, changes), *reply.lines))


def _since(seen: int, session: Session, context: Context) -> Text:
    """What somebody should know who pressed a button on a message that is older than the schedule."""
    if seen >= session.revision:
        return ()
    now = session_line(session, Reader.of(context.attendee, context.schedule), day=True)
    return t("This has changed since that message: {session}.", session=now)


def _choices(unclear: UnclearError, command: Command, param: Param[Any], given: Mapping[str, str]) -> Reply:
    """The sentence, with the nearest matches to press or type."""
    told = {other.name: given[other.name] for other in command.params if other.name in given}
    buttons = tuple(
        Button(option.label, command.name, {**told, param.name: option.value}) for option in unclear.options
    )
    return Reply((sentence(str(unclear)),), buttons=buttons, is_error=True)


def _no_such_command(name: str, commands: Mapping[str, Command]) -> Reply:
    near = get_close_matches(name.casefold(), commands, NEAREST)
    if near:
        names = either([f"/{known}" for known in near])
        text = t("There is no command /{name}. Did you mean {names}?", name=name, names=names)
    else:
        text = t("There is no command /{name}. See them all with {help}.", name=name, help=Typed("/help"))
    return Reply((text,), buttons=tuple(Button(f"/{known}", known) for known in near), is_error=True)


async def _which_conference(work: UnitOfWork) -> Reply:
    published = await work.conferences.published()
    if not published:
        return _error(t("There is no conference yet. To add one: {command}", command=Typed("hallway import FILE")))
    buttons = tuple(Button(each.title, "conference", {"name": each.slug}) for each in published)
    return Reply((t("Which conference does this community follow?"),), buttons=buttons)


def _error(text: Text) -> Reply:
    return Reply((text,), is_error=True)
