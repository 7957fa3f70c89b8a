"""The time at which an announcement goes out, and the question about a held one."""

from datetime import timedelta

from bot.app.messages import Button, Reply, Strong, Text
from bot.app.text.announcement import action_arguments, announcement_body, announcement_name, stage_text
from bot.app.text.catalog import s, t
from bot.app.text.format import day_text, lines, minutes_text, sentence
from bot.app.text.local_times import Reader
from bot.domain.announcements.announcement import Announcement
from bot.domain.announcements.moment import Anchor, Moment
from bot.domain.attendee.attendee import Attendee
from bot.domain.schedule.conference import Schedule


def when_text(announcement: Announcement, schedule: Schedule, reader: Reader) -> Text:
    """Return the time of sending; for a relative time, also what it depends on, and that it moves with it."""
    moment = announcement.moment
    if not moment.follows:
        return sentence(reader.day_time(moment.at)) if moment.at else t("as soon as you confirm it")
    due, relation = moment.due_at(schedule), _relation(moment, schedule)
    if due is None:
        return t("{relation}, which does not take place now", relation=relation)
    return t("{time}, {relation}, and moves with it", time=reader.day_time(due), relation=relation)


def _relation(moment: Moment, schedule: Schedule) -> str:
    """`10 min before "Keys, locks and doors" starts`."""
    event = _event(moment, schedule)
    span = minutes_text(timedelta(minutes=abs(moment.before)))
    if moment.before > 0:
        return s("{minutes} before {event}", minutes=span, event=event)
    return s("{minutes} after {event}", minutes=span, event=event) if moment.before else s("when {event}", event=event)


def _event(moment: Moment, schedule: Schedule) -> str:
    if moment.day:
        days = {day.isoformat(): day_text(day) for day in schedule.days}
        return s("the first session of {day} starts", day=days.get(moment.day, moment.day))
    session = schedule.by_id.get(moment.session)
    title = session.title if session else moment.session
    return s('"{title}" ends', title=title) if moment.anchor is Anchor.END else s('"{title}" starts', title=title)


def held_announcement(announcement: Announcement, schedule: Schedule, author: Attendee) -> Reply:
    """Ask what to do with an announcement whose session was cancelled, or whose time is over after a move."""
    name, number, reader = announcement_name(announcement), str(announcement.id), Reader.of(author, schedule)
    head = t("{name} {stage}.", name=Strong(name), stage=stage_text(announcement))
    planned = _planned_text(announcement, schedule, reader)
    question = t("Nothing was sent. Shall I send it now, at another time, or not at all?")
    seen, change = announcement.version, action_arguments("change", number)
    buttons = (
        Button(s("Send now"), "announce", action_arguments("send", number), seen=seen),
        Button(s("New time…"), "announce", change, asks=("when",)),
        Button(s("Drop it"), "announce", action_arguments("cancel", number)),
    )
    body, cards = announcement_body(announcement.words, urgent=announcement.urgent)
    return Reply((*lines(head, planned, question), *body), cards, buttons)


def _planned_text(announcement: Announcement, schedule: Schedule, reader: Reader) -> Text:
    """Return the planned time, and the current time of the session."""
    relation, planned = _relation(announcement.moment, schedule), announcement.planned_at
    session = schedule.by_id.get(announcement.moment.session)
    before: Text = ()
    if planned:
        before = t("It was planned for {time}, {relation}.", time=reader.day_time(planned), relation=relation)
    if session is None or not session.takes_place:
        return before
    start, end = reader.day_time(session.starts_at), reader.time(session.ends_at)
    now = t('"{title}" is {start} to {end} now.', title=session.title, start=start, end=end)
    return t("{before} {now}", before=before, now=now) if before else now
