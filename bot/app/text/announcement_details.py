"""An announcement after its confirmation, as `/announce show` shows it."""

from dataclasses import replace

from bot.app.messages import Card, Field, Reply
from bot.app.text.announcement import Report, announcement_body, progress, result_cards
from bot.app.text.announcement_moment import when_text
from bot.app.text.catalog import s
from bot.app.text.local_times import Reader
from bot.domain.announcements.announcement import Announcement, Stage
from bot.domain.announcements.audience import audience_text
from bot.domain.schedule.conference import Schedule


def followed(announcement: Announcement, report: Report, seconds: float, schedule: Schedule, reader: Reader) -> Reply:
    """Return the stage, the text, the recipients and the time; once there are deliveries, also their result.

    Args:
        seconds: the estimated time to send the rest.
        reader: the organizer who asks.
    """
    reply = progress(announcement, report.tally, seconds)
    body, cards = announcement_body(announcement.words, urgent=announcement.urgent)
    fields = [Field(s("To"), (audience_text(announcement.audience, schedule),))]
    if announcement.stage is Stage.PLANNED:
        fields.append(Field(s("When"), when_text(announcement, schedule, reader)))
    about = Card(s("Who gets it, and when"), fields=tuple(fields))
    return replace(reply, lines=(*reply.lines, *body), cards=(*cards, about, *result_cards(announcement, report)))
