"""Decide who may use organizers' commands: at each use, and again when an announcement is sent later."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.app.access.identity import ALONE, resolve_tenant
from bot.app.command_spec import USER, Command, Mention, StaticContext
from bot.app.messages import Request
from bot.app.ports import Messenger, Permissions, Store, UnitOfWork
from bot.domain.announcements.organizer import AuditEntry
from bot.domain.attendee.attendee import Community
from bot.domain.errors import BadInputError, StoreError

MAX_LOGGED_CHARACTERS = 200
"""The audit log stores this much of a typed line."""
ELLIPSIS = "…"

log = structlog.get_logger("hallway.permissions")


async def may_organize(
    work: UnitOfWork,
    community: Community,
    user: str,
    now: datetime,
    *,
    organizer: bool = False,
    roles: Collection[str] | None = None,
) -> bool:
    """Whether a person is an organizer of a community at `now`.

    Args:
        organizer: the platform itself lets the person manage the community.
        roles: the ids of the person's roles; None on a platform without roles.
    """
    by_role = community.role is not None and community.role in (roles or ())
    return organizer or by_role or await work.organizers.is_organizer(community.id, user, now)


async def knows_organizers(work: UnitOfWork, community: Community, *, by_name: bool = False) -> bool:
    """Whether somebody is known to be an organizer of a community.

    A server of Discord has an owner, and a workspace of Slack has admins. On the console (`by_name`), only people who
    were named are. A person alone with Hallway has no community, and so no organizers.
    """
    if community.tenant.startswith(ALONE):
        return False
    return not by_name or community.role is not None or bool(await work.organizers.of_community(community.id))


async def may_ask(store: Store, request: Request, now: datetime) -> bool:
    """Whether the form of an organizers' command may be opened. Opening a form is not recorded in the audit log.

    If False, the caller runs the command without a form, and the reply gives the reason. False also if the store fails.
    """
    try:
        async with store.read_transaction() as work:
            request = await resolve_tenant(work, request)
            community = await work.communities.get(request.platform, request.tenant)
            if community is None:
                return request.organizer
            return await may_organize(
                work, community, request.user, now, organizer=request.organizer, roles=request.roles
            )
    except StoreError as error:
        log.warning("cannot see who organizes", fault=str(error))
        return False


async def authorize(
    work: UnitOfWork, request: Request, community: Community, command: Command, context: StaticContext
) -> int | None:
    """Check whether a person may use an organizers' command, and record the use or the refusal in the audit log.

    Args:
        request: its `arguments` must be filled: a typed `line` has been parsed before.

    Returns:
        The id of the audit entry if the person may use the command, otherwise None.
    """
    allowed = await may_organize(
        work, community, request.user, context.now, organizer=request.organizer, roles=request.roles
    )
    requester = await resolve_person(work, community, Mention(request.user, sure=True))
    concerned = _concerned_person(request.arguments, command, context)
    entry = AuditEntry(
        context.now,
        requester.id,
        request.user_name or requester.name,
        _logged_line(request.arguments, command, with_person=concerned is None),
        allowed,
    )
    if concerned:
        concerned = await resolve_person(work, community, concerned)
        entry = replace(entry, whom=concerned.id, whom_name=concerned.name, about=True)
    entry_id = await work.audit.add(community.id, entry)
    return entry_id if allowed else None


async def resolve_person(work: UnitOfWork, community: Community, mention: Mention) -> Mention:
    """Complete a mention with the person's id and stored name.

    The result is `sure` if the mention is the name of an organizer, or the id of an organizer or attendee. The stored
    name replaces the name in the mention, because on some platforms people can type any name there.
    """
    organizers = await work.organizers.of_community(community.id)
    name = mention.id.casefold()
    by_name = [organizer for organizer in organizers if organizer.name.casefold() == name and not mention.sure]
    by_id = [organizer for organizer in organizers if organizer.user == mention.id]
    attendee = await work.people.find(community.platform, community.tenant, mention.id)
    for person in (*by_name, *by_id, attendee):
        if person:
            mention = Mention(person.user, person.name or mention.name, sure=True)
    return mention


def _logged_line(arguments: Mapping[str, str], command: Command, *, with_person: bool) -> str:
    """The command and its arguments as one typed line. The person is left out if the entry has them separately."""
    words = [f"/{command.name}"]
    # An old button may have arguments for parameters that no longer exist: they are not logged.
    for param in command.params:
        value = param.type.redact(" ".join(arguments.get(param.name, "").split()))
        if not value or (param.type is USER and not with_person):
            continue
        has_keyword = not param.keyword_required or value.startswith(f"{param.keyword} ")
        words.append(value if has_keyword else f"{param.keyword} {value}")
    line = " ".join(words)
    return line if len(line) <= MAX_LOGGED_CHARACTERS else line[: MAX_LOGGED_CHARACTERS - 1] + ELLIPSIS


def _concerned_person(arguments: Mapping[str, str], command: Command, context: StaticContext) -> Mention | None:
    """The person named in the arguments; None if there is none, or the text cannot be read."""
    for param in command.params:
        if param.type is USER and arguments.get(param.name):
            try:
                return USER.read(arguments[param.name], context)
            except BadInputError:
                return None
    return None


@dataclass(frozen=True, slots=True)
class PermissionChecker:
    """Checks an organizer again at the time of a later action: they may have been removed or demoted since."""

    store: Store
    messengers: Mapping[str, Messenger]

    async def check(self, community: Community, user: str, now: datetime) -> Permissions | None:
        """Return the permissions of an organizer of `community`; None if the person is not an organizer now.

        Raises:
            SendError: the platform cannot be asked.
        """
        messenger = self.messengers.get(community.platform)
        if messenger is None:
            # Another process serves the platform of a linked community: this one cannot check anything there.
            return None
        permissions = await messenger.permissions_of(community, user)
        async with self.store.read_transaction() as work:
            allowed = await may_organize(
                work, community, user, now, organizer=permissions.organizer, roles=permissions.roles
            )
        return permissions if allowed else None
