"""Taking in a schedule: settle the draft, compare, guard, store and plan anew in one transaction, report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.planner import replan_affected
from bot.app.ports import Store
from bot.domain.diff import Change, Difference, difference
from bot.domain.draft import Draft, Remark
from bot.domain.errors import ImportFault
from bot.domain.schedule import Schedule
from bot.domain.settle import Settled, settle
from bot.domain.venue import Venue

FEW = 10
SHARE = 3
SHOWN = 10


class Held(ImportFault):
    """An import that the guard holds back until somebody says `--force`."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    format: str
    schedule: Schedule
    difference: Difference
    skipped: tuple[Remark, ...]
    warnings: tuple[Remark, ...]

    def as_json(self) -> dict[str, object]:
        """The report as plain values: counts, and what was skipped or guessed."""
        sessions = self.schedule.sessions
        return {
            "format": self.format,
            "sessions": len(sessions),
            "rooms": len({(session.venue, session.room) for session in sessions if session.room}),
            "venues": len({session.venue for session in sessions if session.venue}),
            "days": len(self.schedule.days),
            "skipped": [{"where": each.where, "reason": each.what} for each in self.skipped],
            "warnings": [{"where": each.where, "what": each.what} for each in self.warnings],
            "added": len(self.difference.added),
            "changed": len(self.difference.changed),
            "removed": len(self.difference.removed),
        }

    def lines(self) -> Iterator[str]:
        """The report for people; long lists are cut, and say so."""
        facts, days = self.as_json(), self.schedule.days
        span = f" ({days[0]} to {days[-1]})" if days else ""
        size = ", ".join(f"{facts[name]} {name}" for name in ("sessions", "rooms", "venues", "days"))
        yield f"{self.schedule.conference.title}: {size}{span}, {self.schedule.conference.zone}"
        yield f"{facts['added']} added, {facts['changed']} changed, {facts['removed']} removed ({self.format})"
        yield from _cut([_changed(change) for change in self.difference.changed])
        yield from _cut([f"  removed: {session.code} {session.title}" for session in self.difference.removed])
        if self.skipped:
            yield f"{len(self.skipped)} skipped:"
            yield from _cut([f"  {each.where}: {each.what}" for each in self.skipped])
        if self.warnings:
            yield f"{len(self.warnings)} guesses:"
            yield from _cut([f"  {each.where}: {each.what}" for each in self.warnings])


def _changed(change: Change) -> str:
    return f"  changed: {change.after.code} {change.after.title} ({', '.join(change.facts)})"


def _cut(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  … and {len(lines) - SHOWN} more (--json lists all)"


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

    Raises `ImportFault`, and `Held` for what only `force` lets pass; then nothing is stored either.
    """
    draft = _possible(draft, force=force)
    if dry_run:
        async with store.reading() as work:
            report, _ = _report(draft, await work.conferences.load(slug), slug, zone, venues)
            return report
    async with store.writing() as work:
        old = await work.conferences.load(slug)
        report, settled = _report(draft, old, slug, zone, venues)
        _guard(report, old, force=force)
        await work.conferences.save(settled.schedule)
        moved = old is not None and (old.venues, old.legs) != (settled.schedule.venues, settled.schedule.legs)
        affected = None if moved else report.difference.affected
        if affected is None or affected:
            await replan_affected(work, settled.schedule, affected, now)
    return report


def _possible(draft: Draft, *, force: bool) -> Draft:
    """Rows that contradict themselves hold the import: somebody should correct them, or say that they do not matter."""
    if not draft.impossible:
        return draft
    if force:
        return replace(draft, skipped=[*draft.skipped, *draft.impossible], impossible=[])
    first = draft.impossible[0]
    more = f", and {len(draft.impossible) - 1} more like it" if len(draft.impossible) > 1 else ""
    message = f"{draft.source}, {first.where}: {first.what}{more}: correct it, or import the rest with --force."
    raise Held(message)


def _report(
    draft: Draft, old: Schedule | None, slug: str, zone: str, venues: Sequence[Venue]
) -> tuple[ImportReport, Settled]:
    settled = settle(draft, slug, zone, venues, old)
    changes = difference(old, settled.schedule)
    return ImportReport(draft.format, settled.schedule, changes, settled.skipped, settled.warnings), settled


def _guard(report: ImportReport, old: Schedule | None, *, force: bool) -> None:
    """A feed that suddenly lacks a third of its sessions is more likely broken than right."""
    gone, before = len(report.difference.removed), len(old.sessions) if old else 0
    if not force and gone > FEW and gone * SHARE > before:
        message = f"This import would remove {gone} of {before} sessions, so it is held: if that is right, say --force."
        raise Held(message)
