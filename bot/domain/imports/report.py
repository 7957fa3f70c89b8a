"""The report of an import or of a dry run, as text and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from bot.domain.imports.draft import Remark
from bot.domain.imports.edits import SessionEdit
from bot.domain.phrases import phrase
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import FACTS, Change, Difference
from bot.domain.schedule.session import Session

MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import or a dry run.

    Attributes:
        schedule: left out of the `repr`, as is `difference`: Python's event loop makes one of each result, and that of
            two thousand sessions takes a tenth of an import.
        held: why the import waits for a decision, "" if it does not.
        edits: the edits of organizers that are still in force.
        overruling: those edits whose facts the source has changed to something else.
    """

    format: str
    schedule: Schedule = field(repr=False)
    difference: Difference = field(repr=False)
    skipped: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    held: str = ""
    edits: tuple[SessionEdit, ...] = ()
    overruling: tuple[SessionEdit, ...] = ()

    @property
    def summary(self) -> str:
        """Counts such as `3 added, 1 changed`; "" without changes."""
        changes = self.difference
        counts = {
            "added": len(changes.added),
            "changed": len(changes.changed),
            "removed": len(changes.removed),
        }
        return ", ".join(f"{number} {what}" for what, number in counts.items() if number)

    def as_json(self) -> dict[str, object]:
        """The report as plain values: counts, skipped rows and guesses."""
        sessions = self.schedule.listed
        return {
            "format": self.format,
            "sessions": len(sessions),
            "rooms": len({(session.venue, session.room) for session in sessions if session.room}),
            "venues": len({session.venue for session in sessions if session.venue}),
            "days": len(self.schedule.days),
            "skipped": [{"where": remark.where, "reason": remark.what} for remark in self.skipped],
            "warnings": [{"where": remark.where, "what": remark.what} for remark in self.warnings],
            "added": len(self.difference.added),
            "changed": len(self.difference.changed),
            "removed": len(self.difference.removed),
        }

    def lines(self) -> Iterator[str]:
        """The report as lines of text; long lists are cut with a note."""
        facts, days = self.as_json(), self.schedule.days
        span = f" ({days[0]} to {days[-1]})" if days else ""
        size = ", ".join(_number(facts[name], name) for name in ("sessions", "rooms", "venues", "days"))
        counts = {"ways": len(self.schedule.ways), "topics": len(self.schedule.topics)}
        # Most schedules come without.
        beside = "".join(f", {_number(count, name)}" for name, count in counts.items() if count)
        yield f"{self.schedule.conference.title}: {size}{span}{beside}, {self.schedule.conference.zone}"
        yield from self.changes()
        yield from _listed("skipped", self.skipped)
        yield from _listed("guess" if len(self.warnings) == 1 else "guesses", self.warnings)

    def changes(self) -> Iterator[str]:
        """The difference as lines of text."""
        changes = self.difference
        counts = f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.removed)} removed"
        yield f"{counts} ({self.format})"
        if self.held:
            yield phrase("  waiting for a decision: {held}", held=self.held)
        # Changes that people are notified of come first, so that a cut list does not hide them.
        ordered = sorted(changes.changed, key=lambda change: not change.matters)
        zone = self.schedule.conference.tz
        yield from _cut([_changed(change, zone) for change in ordered])
        yield from _cut(
            [
                phrase("  no longer in the schedule: {title} ({code})", title=session.title, code=session.code)
                for session in changes.removed
            ]
        )


def _number(number: object, plural: str) -> str:
    return f"{number} {plural[:-1] if number == 1 else plural}"


def _changed(change: Change, zone: tzinfo) -> str:
    """`changed: ARC301 Queues (time Mon 09:00 → Mon 10:00, venue Venetian → Caesars Forum)`."""
    names = [name for name in FACTS if getattr(change.before, name) != getattr(change.after, name)]
    if "starts_at" in names and change.before.length == change.after.length:
        names.remove("ends_at")
    facts = [f"{FACTS[name]} {_fact(change.before, name, zone)} → {_fact(change.after, name, zone)}" for name in names]
    return f"  changed: {change.after.title} ({change.after.code}) ({', '.join(facts) or 'details'})"


def _fact(session: Session, name: str, zone: tzinfo) -> str:
    value = getattr(session, name)
    return f"{value.astimezone(zone):%a %H:%M}" if isinstance(value, datetime) else str(value) or "unknown"


def _listed(what: str, remarks: Sequence[Remark]) -> Iterator[str]:
    if remarks:
        yield f"{len(remarks)} {what}:"
        yield from _cut([f"  {remark.where}: {remark.what}" for remark in remarks], " (--json lists all)")


def _cut(lines: Sequence[str], rest: str = "") -> Iterator[str]:
    yield from lines[:MOST_LISTED]
    if len(lines) > MOST_LISTED:
        yield f"  … and {len(lines) - MOST_LISTED} more{rest}"
