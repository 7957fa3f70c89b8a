"""The notice to organizers that the source of the schedule fails: once in an outage."""

from datetime import UTC, datetime

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply, Strong
from bot.app.text import Reader, lateness_text, lines, s, t
from bot.domain.nudges.nudge import NudgeKind

BUTTONS = (
    Button(s("Status"), "schedule", {"action": "status"}),
    Button(s("Refresh"), "schedule", {"action": "refresh"}),
)


async def write(occasion: RenderContext) -> Reply | None:
    """Say why the schedule is not updated, and since when.

    None if it works again, or the community follows another conference now.
    """
    facts, conference = occasion.nudge.facts, occasion.schedule.conference
    async with occasion.read_transaction() as work:
        feed = await work.feeds.get(str(facts["conference"]))
    if facts["conference"] != conference.slug or feed is None or not feed.failures:
        return None
    head = Strong(s("I can't update the schedule of {conference}", conference=conference.title))
    reader = Reader.of(occasion.attendee, occasion.schedule)
    since = reader.day_time(datetime.fromtimestamp(int(facts["since"]), UTC))
    first = t("{head} since {time}. {reason}", head=head, time=since, reason=feed.fault)
    rest = t("The last good version stays, and I keep trying. I'll tell you when it works again.")
    return Reply(lines(first, rest, lateness_text(occasion.late)), buttons=BUTTONS)


NUDGE = NudgeTemplate(NudgeKind.SCHEDULE_FAILING, write)
