"""Taking in a schedule: settle the draft, compare, guard, store and plan anew in one transaction, report."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.ports import Store, UnitOfWork
from bot.app.schedules.digest import owe_digests
from bot.app.schedules.replanning import Before, replan_affected
from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.imports.report import ImportReport
from bot.domain.imports.resolve import Settled, settle
from bot.domain.imports.retention import at_stake, carried
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import Difference, difference
from bot.domain.schedule.venue import Venue

FEW = 1
"""So many sessions may vanish from any schedule: they are shown as no longer listed, and the rest is taken in."""
SHARE = 5


class ImportHeldError(ScheduleImportError):
    """An import that the guard holds back until somebody says `--force`."""

    def __init__(self, why: str, report: ImportReport | None = None) -> None:
        super().__init__(f"{why}, so it is held: if that is right, say --force." if report else why)
        self.why = why
        self.report = report


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a schedule is taken in; a `zone` and `venues` win over what the file says.

    A file without a session is refused, unless it may be `bare`: then it is held as one that lost them all.
    """

    zone: str = ""
    venues: Sequence[Venue] = ()
    force: bool = False
    bare: bool = False


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
    """Make `draft` the schedule of the conference `slug` and publish it; a dry run stores nothing.

    Raises `ScheduleImportError`, and `ImportHeldError` for what only `force` lets pass; then nothing is stored either.
    """
    terms = Terms(zone, venues, force)
    if dry_run:
        async with store.read_transaction() as work:
            return compared(draft, await work.conferences.load(slug), slug, now, terms)
    async with store.write_transaction() as work:
        return await take_in(work, draft, slug, now, terms)


async def take_in(work: UnitOfWork, draft: Draft, slug: str, now: datetime, terms: Terms) -> ImportReport:
    """The same as a part of a transaction: the schedule, what people are owed and what they will hear of it."""
    old = await work.conferences.load(slug)
    # In a thread: ten thousand sessions take half a second, in which others want their answers.
    report = await asyncio.to_thread(compared, draft, old, slug, now, terms)
    if report.held:
        raise ImportHeldError(report.held, report)
    if report.schedule == old:
        return report
    await work.conferences.save(report.schedule, old)
    if old is not None:
        await _replan(work, old, report, now)
        await owe_digests(work, slug, report.difference, now)
    return report


async def _replan(work: UnitOfWork, old: Schedule, report: ImportReport, now: datetime) -> None:
    """Those whose sessions changed in a way that matters, or everybody where the ways between venues did."""
    before = _before(old, report.difference)
    moved = (old.venues, old.legs) != (report.schedule.venues, report.schedule.legs)
    if moved or before:
        await replan_affected(work, report.schedule, None if moved else before.keys(), now, before=before)


def _before(old: Schedule, changes: Difference) -> Before:
    changed = [change.before for change in changes.changed if change.matters]
    return {session.id: session for session in (*changed, *changes.removed) if session.id in old.by_id}


def compared(draft: Draft, old: Schedule | None, slug: str, now: datetime, terms: Terms) -> ImportReport:
    """What taking in `draft` would do, without doing it."""
    draft = _possible(draft, force=terms.force)
    bare = old is not None and terms.bare and not draft.sessions
    settled = _emptied(draft, old) if old and bare else settle(draft, slug, terms.zone, terms.venues, old)
    schedule = carried(settled.schedule, old, now)
    changes = difference(old, schedule)
    held = "" if terms.force else _held(changes, old, now, 0 if bare else FEW)
    return ImportReport(draft.format, schedule, changes, settled.skipped, settled.warnings, held)


def _possible(draft: Draft, *, force: bool) -> Draft:
    """Rows that contradict themselves hold the import: somebody should correct them, or say that they do not matter."""
    if not draft.impossible:
        return draft
    if force:
        return replace(draft, skipped=[*draft.skipped, *draft.impossible], impossible=[])
    first = draft.impossible[0]
    more = f", and {len(draft.impossible) - 1} more like it" if len(draft.impossible) > 1 else ""
    message = f"{draft.source}, {first.where}: {first.what}{more}: correct it, or import the rest with --force."
    raise ImportHeldError(message)


def _emptied(draft: Draft, old: Schedule) -> Settled:
    return Settled(replace(old, sessions=()), tuple(draft.skipped), tuple(draft.warnings))


def _held(changes: Difference, old: Schedule | None, now: datetime, few: int) -> str:
    """A schedule that suddenly lacks a fifth of its sessions is more likely broken than right."""
    if old is None:
        return ""
    staked = {session.id for session in at_stake(old, now)}
    gone = sum(session.id in staked for session in changes.removed)
    if gone <= few or gone * SHARE <= len(staked):
        return ""
    return f"This import would remove {gone} of {len(staked)} sessions"
