"""Resolve a draft together with what organizers added: facts of other files, and changes made in the chat."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.imports.draft import Draft
from bot.domain.imports.organizer_facts import (
    FileFacts,
    overruled,
    placed_venues,
    with_changes,
    with_file_facts,
    without_changes,
)
from bot.domain.imports.resolve import ResolvedDraft, located_venues, resolve_draft
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.organizer_changes import OrganizerChanges
from bot.domain.travel.outlines import with_outlines
from bot.domain.travel.venue import Venue

NO_FACTS = FileFacts()


def resolve_with_facts(
    draft: Draft, slug: str, zone: str, venues: Sequence[Venue], old: Schedule | None, facts: FileFacts = NO_FACTS
) -> ResolvedDraft:
    """Resolve `draft` as `resolve_draft` does; what organizers changed in the chat stays.

    Args:
        old: the previous version, with the changes of organizers.
        facts: what comes beside the schedule; it replaces what earlier files said.

    Raises:
        ScheduleImportError: no zone is known, or no session is left.
    """
    changes = old.organizer_changes if old else OrganizerChanges()
    effective, before = venues, old
    extra: Sequence[Venue] = ()
    if old and changes.rows:
        bare = without_changes(old)
        if venues:
            effective = with_changes(replace(bare, venues=tuple(venues)), changes).venues
            extra = _removed(venues, effective)
        elif located_venues(bare):
            effective = old.venues
            extra = _removed(bare.venues, effective)
        else:
            # Venues are guessed from locations again; those of organizers are looked for first.
            extra, before = placed_venues(old), replace(old, venues=bare.venues)
    settled = resolve_draft(draft, slug, zone, effective, before, extra)
    schedule = without_changes(replace(settled.schedule, organizer_changes=changes))
    if venues:
        schedule = replace(schedule, venues=with_outlines(venues, old.venues if old else ()))
    return with_facts(replace(settled, schedule=schedule), facts)


def _removed(before: Sequence[Venue], after: Sequence[Venue]) -> Sequence[Venue]:
    """The venues that organizers removed: sessions stay there by name, although nobody knows the way."""
    names = {venue.name for venue in after}
    return [venue for venue in before if venue.name not in names]


def with_facts(settled: ResolvedDraft, facts: FileFacts) -> ResolvedDraft:
    """Add the facts of files and the changes of organizers to a schedule that has neither of these changes."""
    changes = settled.schedule.organizer_changes
    venues = with_changes(settled.schedule, changes).venues
    filed, skipped = with_file_facts(settled.schedule, facts, venues)
    schedule = with_changes(filed, changes)
    warnings = (*settled.warnings, *overruled(changes, schedule.organizer_changes))
    return ResolvedDraft(schedule, (*settled.skipped, *skipped), warnings)
