"""The last message before quiet hours: when to leave during them, and whether Hallway will send a reminder then."""

from datetime import UTC, datetime

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply
from bot.app.text import Reader, lateness_text, lines, map_links, s, t
from bot.domain.attendee.departure import Departure
from bot.domain.nudges.nudge import NudgeKind


async def write(occasion: RenderContext) -> Reply | None:
    """Name the first time to leave in the quiet hours; None if the session has changed or does not take place."""
    nudge, schedule = occasion.nudge, occasion.schedule
    session = schedule.by_id.get(nudge.subject)
    if session is None or not session.takes_place or session.revision != nudge.revision:
        return None
    reader = Reader.of(occasion.attendee, schedule)
    departure = Departure.of_facts(nudge.facts)
    leave, alarm = departure.leave_by, datetime.fromtimestamp(int(nudge.facts["alarm"]), UTC)
    links = (*occasion.page_links(session), *map_links(departure.leg, occasion.attendee, schedule))
    head = t('Leave by {time} for "{title}".', time=reader.day_time(leave), title=session.title)
    late = lateness_text(occasion.late)
    if occasion.attendee.alarms:
        wakes = t("That is in your quiet hours. I'll wake you at {time}.", time=reader.time(alarm))
        sleep = Button(s("Don't wake me"), "nudges", {"alarms": "alarms off"})
        return Reply(lines(head, wakes, late), buttons=(sleep,), links=links)
    silent = t("That is in your quiet hours, and alarms are off, so I won't message you then.")
    wake = Button(s("Wake me"), "nudges", {"alarms": "alarms on"})
    return Reply(lines(head, silent, late), buttons=(wake,), links=links)


NUDGE = NudgeTemplate(NudgeKind.EARLY_START, write)
