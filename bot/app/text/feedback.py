"""Buttons for feedback about sessions and rooms, and its counts."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from bot.app.messages import Button, Card, File, Text
from bot.app.text.catalog import n, s, t
from bot.app.text.format import lines, shortened, spaced
from bot.app.text.local_times import Reader
from bot.app.text.spreadsheet import harmless
from bot.domain.attendee.feedback import FEWEST_ANSWERS, FeedbackCount, RoomTap
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

MOST_RATED = 3
"""Sessions with buttons in one recap; `/feedback` takes any other."""
SHOWN = 5
LABEL, TITLE = 28, 60
"""Characters of a title on a button, and in a list."""
HEADER = ("session", "day", "title", "useful", "not useful", "words")


def rating_buttons(sessions: Iterable[Session]) -> Sequence[Button]:
    """Two buttons a session, of at most `MOST_RATED` sessions."""
    return [
        Button(label, "feedback", {"code": session.code, "answer": answer})
        for session in list(sessions)[:MOST_RATED]
        for label, answer in (
            (s("Useful: {title}", title=shortened(session.title, LABEL)), "useful"),
            (s("Not useful: {title}", title=shortened(session.title, LABEL)), "not"),
        )
    ]


def room_buttons(session: Session) -> tuple[Button, ...]:
    """Return the buttons for reports at the door; none for an online session or an own entry."""
    if session.online or session.is_block:
        return ()
    return (
        Button(s("Room full"), "room", {"code": session.code, "state": RoomTap.FULL.value}),
        Button(s("Got in"), "room", {"code": session.code, "state": RoomTap.IN.value}),
    )


def room_text(session: Session, count: FeedbackCount) -> Text:
    """`3 people say the room is full. The overflow room is Hall B.`; empty if nobody says so."""
    if not count.full:
        return ()
    full = n("{count} person says the room is full.", "{count} people say the room is full.", count.full)
    counts_text = t("{full} {in_} got in.", full=full, in_=count.got_in) if count.got_in else full
    return spaced(counts_text, overflow_text(session))


def overflow_text(session: Session) -> Text:
    """Say where people go who do not get in; empty if the session has no such room."""
    return t("The overflow room is {room}.", room=session.overflow) if session.overflow else ()


def feedback_card(schedule: Schedule, counts: Mapping[str, FeedbackCount], reader: Reader) -> Card:
    """Return the sessions with the most answers; only counts of at least `FEWEST_ANSWERS` people."""
    most = sorted(_counted(schedule, counts), key=lambda pair: (-pair[1].answers, pair[0].starts_at, pair[0].id))
    texts = [
        t(
            "{time} {title}: useful {useful}, not useful {others}",
            time=reader.day_time(session.starts_at),
            title=shortened(session.title, TITLE),
            useful=count.useful,
            others=count.not_useful,
        )
        for session, count in most[:SHOWN]
    ]
    return Card(s("Feedback"), lines(*texts) or (t("None with {count} people or more.", count=FEWEST_ANSWERS),))


def feedback_file(schedule: Schedule, counts: Mapping[str, FeedbackCount], words: Mapping[str, Sequence[str]]) -> File:
    """Return the counts as a CSV, only those of `FEWEST_ANSWERS` people or more, and the words of as many people."""
    table = StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(HEADER)
    zone = schedule.conference.tz
    for session, count in sorted(_counted(schedule, counts), key=lambda pair: (pair[0].starts_at, pair[0].id)):
        written = words.get(session.id, ())
        row = (
            session.code,
            session.day(zone).isoformat(),
            session.title,
            str(count.useful),
            str(count.not_useful),
            " | ".join(written) if len(written) >= FEWEST_ANSWERS else "",
        )
        writer.writerow(map(harmless, row))
    return File(f"feedback-{schedule.conference.slug}.csv", "text/csv", table.getvalue())


def _counted(schedule: Schedule, counts: Mapping[str, FeedbackCount]) -> Iterable[tuple[Session, FeedbackCount]]:
    counted = ((schedule.by_id.get(id_), count) for id_, count in counts.items())
    return [(session, count) for session, count in counted if session and count.answers >= FEWEST_ANSWERS]
