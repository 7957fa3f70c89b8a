"""Notices to organizers: the source changed a fact that they had edited, and the edit remains."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app.ports import UnitOfWork
from bot.domain.imports.edits import SessionEdit
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule

KEEPS = timedelta(days=1)
"""Expiry of a notice that could not be sent."""


async def owe_notices(work: UnitOfWork, schedule: Schedule, edits: Sequence[SessionEdit], now: datetime) -> None:
    """Add one notice for each edit, in the transaction of the import.

    It goes to the organizer who made the edit, or else to the organizers of the feed.
    """
    if not edits:
        return
    feed = await work.feeds.get(schedule.conference.slug)
    deciding = feed.organizers if feed else ()
    people = await work.people.by_id([*deciding, *(edit.organizer for edit in edits if edit.organizer)])
    for edit in edits:
        here = {id_: person for id_, person in people.items() if person.may_be_asked}
        asked = [edit.organizer] if edit.organizer in here else [id_ for id_ in deciding if id_ in here]
        facts = {"conference": schedule.conference.slug, "session": edit.session}
        nudges = [
            (
                here[id_].community,
                Nudge(NudgeKind.EDIT_STANDS, id_, edit.session, int(now.timestamp()), now, now + KEEPS, facts=facts),
            )
            for id_ in asked
            if id_ is not None
        ]
        await work.deliveries.add(nudges, now)
