"""Who may use organizers' commands: decided at each call, and again when what they asked for happens later."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from bot.app.command_spec import USER, Command, Context, Mention, ParamType
from bot.app.command_spec.parser import split_arguments
from bot.app.messages import Request
from bot.app.ports import Store, UnitOfWork
from bot.domain.announcements.organizer import AuditEntry
from bot.domain.attendee.attendee import Community
from bot.domain.errors import BadInputError, StoreError

LONGEST = 200
"""Of what somebody typed, this much is kept."""
ELLIPSIS = "…"

log = structlog.get_logger("hallway.rights")


async def may_organize(
    work: UnitOfWork,
    community: Community,
    user: str,
    now: datetime,
    *,
    organizer: bool = False,
    roles: Collection[str] | None = None,
) -> bool:
    """Whether somebody organizes a community at `now`.

    By the platform's own right (`organizer`), by the role that the community chose if it is among their `roles`, or
    because they were made one and that is not over.
    """
    by_role = bool(community.role) and community.role in (roles or ())
    return organizer or by_role or await work.organizers.is_organizer(community.id, user, now)


async def may_ask(store: Store, request: Request, now: datetime) -> bool:
    """Whether a form of an organizers' command is opened for somebody. Nothing is noted: it is once they filled it in.

    Where it cannot be told they may not, and the answer to the command says why.
    """
    try:
        async with store.read_transaction() as work:
            known = await work.communities.get(request.platform, request.tenant)
            here = known or Community(0, request.platform, request.tenant)
            return await may_organize(work, here, request.user, now, organizer=request.organizer, roles=request.roles)
    except StoreError as fault:
        log.warning("cannot see who organizes", fault=str(fault))
        return False


async def admitted(
    work: UnitOfWork, request: Request, community: Community, command: Command, context: Context
) -> int | None:
    """The id under which the use of an organizers' command is in the community's log; None if it was refused there."""
    allowed = await may_organize(
        work, community, request.user, context.now, organizer=request.organizer, roles=request.roles
    )
    asker = await person_meant(work, community, Mention(request.user, sure=True))
    given = request.arguments or split_arguments(request.line, command.params, context)
    whom = _whom(given, command, context)
    deed = AuditEntry(
        context.now,
        asker.id,
        request.user_name or asker.name,
        _words(given, command, apart=USER if whom else None),
        allowed,
    )
    if whom:
        whom = await person_meant(work, community, whom)
        deed = replace(deed, whom=whom.id, whom_name=whom.name, about=True)
    noted = await work.audit.add(community.id, deed)
    return noted if allowed else None


async def person_meant(work: UnitOfWork, community: Community, mention: Mention) -> Mention:
    """The mention with the name that is known here, if any; a word is `sure` if it is an id, or an organizer's name.

    What people said of themselves counts before what a mention says of them: on some platforms that can be typed.
    """
    organizers = await work.organizers.of_community(community.id)
    called = mention.id.casefold()
    by_name = [each for each in organizers if each.name.casefold() == called and not mention.sure]
    known = await work.people.find(community.platform, community.tenant, mention.id)
    for each in (*by_name, *(each for each in organizers if each.user == mention.id), known):
        if each:
            mention = Mention(each.user, each.name or mention.name, sure=True)
    return mention


def _words(given: Mapping[str, str], command: Command, apart: ParamType[Mention] | None) -> str:
    """The command and its arguments as they are typed, on one line and not too long; without those of kind `apart`."""
    words = [f"/{command.name}"]
    # A button may say what no parameter is called any more: only what the command knows is kept.
    for param in command.params:
        value = param.type.redact(" ".join(given.get(param.name, "").split()))
        if value and param.type is not apart:
            words.append(
                value
                if not param.keyword_required or value.startswith(f"{param.keyword} ")
                else f"{param.keyword} {value}"
            )
    text = " ".join(words)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + ELLIPSIS


def _whom(given: Mapping[str, str], command: Command, context: Context) -> Mention | None:
    """The person that the arguments name, if they name one that can be read."""
    for param in command.params:
        if param.type is USER and given.get(param.name):
            try:
                return USER.read(given[param.name], context)
            except BadInputError:
                return None
    return None
