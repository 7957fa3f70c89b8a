"""Changes of facts by organizers in a chat: stored, planned and undone in the command's transaction."""

from dataclasses import dataclass

from bot.app.command_spec import Context
from bot.app.editing.rights import check_may_change
from bot.app.messages import Button, Reply, Text
from bot.app.schedules.importer import save_schedule
from bot.app.text import s, t
from bot.domain.errors import BadInputError
from bot.domain.imports.organizer_facts import changed, undone
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import NO_DIFFERENCE
from bot.domain.schedule.organizer_changes import MOST_CHANGES, ChangeKind, OrganizerChange, Values


@dataclass(frozen=True, slots=True)
class FactChange:
    """A stored change: the schedule before and after it."""

    before: Schedule
    after: Schedule
    number: int

    @property
    def undo(self) -> Button:
        """The button that undoes the change."""
        return Button(s("Undo"), "organizer", {"action": "undo", "change": f"change {self.number}"})


async def change_fact(context: Context, kind: ChangeKind, name: str, patch: Values | None) -> FactChange:
    """Store a change, and update the plans of everybody affected.

    A change to the value that the files have already is stored, too, so that it stays when the files change.

    Raises:
        BadInputError: this community may not change the conference, or there are too many changes.
    """
    before = await locked_schedule(context)
    last = before.organizer_changes.last
    if last and len(before.organizer_changes.rows) >= MOST_CHANGES:
        raise BadInputError(
            s("There are {count} changes already. Ask the operator to import them as files.", count=MOST_CHANGES)
        )
    after = changed(before, kind, name, patch, context.now)
    await save_schedule(context.work, before, after, NO_DIFFERENCE, context.now)
    newest = after.organizer_changes.last
    return FactChange(before, after, newest.number if newest else 0)


async def undo_change(context: Context, number: int | None) -> Reply:
    """Undo one change, or the newest one, and update the plans of everybody affected."""
    before = await locked_schedule(context)
    changes = before.organizer_changes
    change = changes.last if number is None else changes.numbered(number)
    if change is None:
        raise BadInputError(s("There is nothing to undo: that change is gone, or nobody changed anything in the chat."))
    await save_schedule(context.work, before, undone(before, change.number), NO_DIFFERENCE, context.now)
    text = t("Undone: {change}.", change=change_text(change))
    planned = t("I've updated the plans of everyone affected.") if change.kind is not ChangeKind.TOPIC else ()
    return Reply((text, planned) if planned else (text,))


async def locked_schedule(context: Context) -> Schedule:
    """Return the schedule as it is stored, for a change in this transaction.

    Raises:
        BadInputError: the community follows no conference, or may not change it.
    """
    slug = context.schedule.conference.slug
    schedule = await context.work.conferences.load(slug) if slug else None
    if schedule is None:
        raise BadInputError(s("This community follows no conference yet. Choose one with /conference."))
    await check_may_change(slug, await context.work.feeds.get(slug), context)
    return schedule


def change_text(change: OrganizerChange) -> Text:
    """Name a change: `the change of check-in for workshop`, `the removal of MGM Grand`."""
    if change.patch is None and change.kind is not ChangeKind.SETTING:
        return t("the removal of {name}", name=change.name)
    return t("the change of {name}", name=change.name)
