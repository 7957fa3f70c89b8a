"""Imports a schedule: resolves the draft, compares, guards against loss, then stores and replans in one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.ports import Store, UnitOfWork
from bot.app.schedules.announcement_plans import replan_announcements
from bot.app.schedules.cache import resolve_conference
from bot.app.schedules.digest import owe_digests
from bot.app.schedules.edit_notices import owe_notices
from bot.app.schedules.following import keep_followers, publish
from bot.app.schedules.replanning import Before, replan_affected
from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, Remark
from bot.domain.imports.edits import SessionEdit, with_edits, without_edits
from bot.domain.imports.organizer_facts import FileFacts, without_changes
from bot.domain.imports.recordings import with_recording_times
from bot.domain.imports.report import ImportReport
from bot.domain.imports.rereading import reread
from bot.domain.imports.resolve import ResolvedDraft
from bot.domain.imports.resolve_facts import NO_FACTS, resolve_with_facts, with_facts
from bot.domain.imports.retention import removable_sessions, retain_sessions
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import NO_DIFFERENCE, Difference, difference
from bot.domain.travel.position_checks import doubtful_position
from bot.domain.travel.venue import Venue

FEW = 1
"""This many sessions may vanish without holding the import: they are shown as no longer listed."""
SHARE = 5


class ImportHeldError(ScheduleImportError):
    """An import that is held back until an organizer applies it or uses `--force`."""

    def __init__(self, why: str, report: ImportReport | None = None) -> None:
        super().__init__(f"{why}, so it is held: if that is right, say --force." if report else why)
        self.why = why
        self.report = report


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options of an import.

    Attributes:
        zone: time zone to use in place of that of the file; "" to use that of the file.
        venues: venues to use in place of those of the file, if any.
        force: import a schedule even if it looks wrong, without the confirmation of an organizer.
        bare: allow a file without sessions: it is no error, but waits for an organizer's confirmation like a schedule
            that lost all its sessions.
        owner: the id of the community whose organizer imports it in a chat: a new conference belongs to it. Without an
            owner the operator imports and publishes it.
        facts: what organizers add beside the schedule.
    """

    zone: str = ""
    venues: Sequence[Venue] = ()
    force: bool = False
    bare: bool = False
    owner: int | None = None
    facts: FileFacts = NO_FACTS


async def ingest(
    store: Store,
    draft: Draft,
    slug: str,
    now: datetime,
    *,
    zone: str = "",
    venues: Sequence[Venue] = (),
    force: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Store and publish `draft` as the schedule of the conference `slug`; a dry run stores nothing.

    Raises:
        ImportHeldError: too many sessions would vanish, or most of the file is read in another way, and `force` is
            off; nothing is stored.
        ScheduleImportError: the draft cannot be imported; nothing is stored.
    """
    terms = ImportOptions(zone, venues, force)
    if dry_run:
        async with store.read_transaction() as work:
            return await compared_with_stored(work, draft, slug, now, terms)
    async with store.write_transaction() as work:
        return await import_and_publish(work, draft, slug, now, terms)


async def import_draft(work: UnitOfWork, draft: Draft, slug: str, now: datetime, terms: ImportOptions) -> ImportReport:
    """Import in a transaction of the caller: the schedule, the plans of attendees and their change messages."""
    old, edits = await work.conferences.load(slug), await work.session_edits.of_conference(slug)
    # In a thread: ten thousand sessions take half a second, which would delay other answers.
    report = await asyncio.to_thread(compared, draft, old, slug, now, terms, edits)
    if report.held:
        raise ImportHeldError(report.held, report)
    if report.edits != tuple(edits):
        await work.session_edits.replace(slug, report.edits)
        await owe_notices(work, report.schedule, report.overruling, now)
    if old is None:
        await _begin(work, report.schedule, terms.owner)
        return report
    await save_schedule(work, old, report.schedule, report.difference, now)
    return report


async def _begin(work: UnitOfWork, schedule: Schedule, owner: int | None) -> None:
    """Store a new conference: published, or as that of its owner, which follows it if it followed none."""
    if owner is None:
        await keep_followers(work)
    await work.conferences.save(schedule, owner=owner)
    community = (await work.communities.by_id([owner])).get(owner) if owner is not None else None
    if community and community.conference is None and await resolve_conference(work, None) is None:
        await work.communities.save(replace(community, conference=schedule.conference.slug))


async def import_and_publish(
    work: UnitOfWork, draft: Draft, slug: str, now: datetime, terms: ImportOptions
) -> ImportReport:
    """Import for the operator: every community may follow the conference, also one that was imported in a chat."""
    report = await import_draft(work, draft, slug, now, terms)
    record = await work.conferences.record(slug)
    if record:
        await publish(work, record)
    return report


async def import_facts(
    work: UnitOfWork, old: Schedule, facts: FileFacts, now: datetime
) -> tuple[Schedule, Sequence[Remark]]:
    """Store facts of files beside the schedule, and update the plans of everybody affected.

    Returns:
        The new schedule, and remarks on what is not used. What organizers changed in the chat stays.
    """
    settled = with_facts(ResolvedDraft(without_changes(old), (), ()), facts)
    new = retain_sessions(settled.schedule, old, now)
    await save_schedule(work, old, new, NO_DIFFERENCE, now)
    return new, (*settled.skipped, *settled.warnings)


async def save_schedule(
    work: UnitOfWork, old: Schedule | None, new: Schedule, changes: Difference, now: datetime
) -> None:
    """Store a new version of the schedule, with the plans and change messages of attendees; nothing if it is equal."""
    if new == old:
        return
    await work.conferences.save(new, old)
    if old is not None:
        await _replan(work, old, new, changes, now)
        await owe_digests(work, new.conference.slug, changes, now)
        await replan_announcements(work, new, now)


async def compared_with_stored(
    work: UnitOfWork, draft: Draft, slug: str, now: datetime, terms: ImportOptions
) -> ImportReport:
    """Report what importing `draft` would change in the stored schedule."""
    old, edits = await work.conferences.load(slug), await work.session_edits.of_conference(slug)
    return await asyncio.to_thread(compared, draft, old, slug, now, terms, edits)


async def _replan(work: UnitOfWork, old: Schedule, new: Schedule, changes: Difference, now: datetime) -> None:
    """Replan attendees whose sessions changed in a way that matters, or all if venues, walks or lines changed."""
    before = _before(old, changes)
    moved = _plans_with(old) != _plans_with(new)
    # Who wants to watch one of these later hears of it in the evening.
    watched = {each.after.id for each in changes.changed if each.after.recording_at != each.before.recording_at}
    if moved or before or watched:
        await replan_affected(work, new, None if moved else {*before, *watched}, now, before=before)


def _plans_with(schedule: Schedule) -> object:
    """What every leave-by depends on, beside the sessions."""
    conference = schedule.conference
    lines = conference.check_in, conference.walk_up, conference.lines
    return schedule.venues, schedule.ways, schedule.room_ways, lines, schedule.weather


def _before(old: Schedule, changes: Difference) -> Before:
    changed = [change.before for change in changes.changed if change.matters]
    return {session.id: session for session in (*changed, *changes.removed) if session.id in old.by_id}


def compared(
    draft: Draft,
    old: Schedule | None,
    slug: str,
    now: datetime,
    terms: ImportOptions,
    edits: Sequence[SessionEdit] = (),
) -> ImportReport:
    """Report what importing `draft` would change, without storing anything.

    Sessions are matched with what the source said before; then the `edits` of organizers are applied again.
    """
    draft = _possible(draft, force=terms.force)
    bare = old is not None and terms.bare and not draft.sessions
    source = without_edits(old, edits) if old else None
    settled = (
        with_facts(_emptied(draft, source), terms.facts)
        if source and bare
        else resolve_with_facts(draft, slug, terms.zone, terms.venues, source, terms.facts)
    )
    edited = with_edits(retain_sessions(settled.schedule, source, now), old, edits)
    edited = replace(edited, schedule=with_recording_times(edited.schedule, now))
    changes = difference(old, edited.schedule)
    held = "" if terms.force else _held(changes, old, now, 0 if bare else FEW) or _misplaced(terms, edited.schedule)
    if not terms.force and not held:
        held = reread(old, edited.schedule, now, zone_given=bool(terms.zone))
    skipped, warnings = settled.skipped, settled.warnings
    return ImportReport(
        draft.format, edited.schedule, changes, skipped, warnings, held, edited.edits, edited.overruling
    )


def _possible(draft: Draft, *, force: bool) -> Draft:
    """Hold an import with contradictory rows; with `force` they are skipped."""
    if not draft.impossible:
        return draft
    if force:
        return replace(draft, skipped=[*draft.skipped, *draft.impossible], impossible=[])
    first = draft.impossible[0]
    more = f", and {len(draft.impossible) - 1} more like it" if len(draft.impossible) > 1 else ""
    raise ImportHeldError(
        f"{draft.source}, {first.where}: {first.what}{more}: correct it, or import the rest with --force."
    )


def _emptied(draft: Draft, old: Schedule) -> ResolvedDraft:
    return ResolvedDraft(replace(without_changes(old), sessions=()), tuple(draft.skipped), tuple(draft.warnings))


def _misplaced(terms: ImportOptions, schedule: Schedule) -> str:
    """Hold a list of venues with a position that looks like a slip."""
    span = schedule.span
    return doubtful_position(terms.venues, schedule.conference.tz, span[0]) if span else doubtful_position(terms.venues)


def _held(changes: Difference, old: Schedule | None, now: datetime, few: int) -> str:
    """Hold a schedule that lacks more than a fifth of its sessions: it is more likely broken than right."""
    if old is None:
        return ""
    staked = {session.id for session in removable_sessions(old, now)}
    gone = sum(session.id in staked for session in changes.removed)
    if gone <= few or gone * SHARE <= len(staked):
        return ""
    return f"This import would remove {gone} of {len(staked)} sessions"
