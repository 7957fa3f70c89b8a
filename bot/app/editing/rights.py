"""Decides who may change the schedule and the facts of a conference in a chat."""

from bot.app.command_spec import Context
from bot.app.text import s
from bot.domain.errors import BadInputError
from bot.domain.imports.feed import Feed


async def check_may_change(slug: str, feed: Feed | None, context: Context) -> None:
    """Allow the feed's own community. Without a feed, allow the only community that uses the schedule.

    Raises:
        BadInputError: the name is taken, or other communities use the schedule too.
    """
    own, record = context.attendee.community.id, await context.work.conferences.record(slug)
    if record and not record.published and record.owner not in (None, own):
        raise BadInputError(s("The name {name} is taken. Choose another short name.", name=slug))
    foreign = feed is not None and feed.community not in (None, own)
    if not foreign and (feed is None or feed.community is None) and record:
        async for chunk in context.work.attendances.everyone(slug):
            foreign = foreign or any(attendee.community.id != own for attendee, _ in chunk)
    if foreign:
        raise BadInputError(s("Other communities use this schedule too, so only the operator can change its source."))
