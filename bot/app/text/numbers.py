"""The numbers of a community, as a message and as a CSV file. Numbers of few people are not shown."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO

from bot.app.messages import Card, Field, File, Reply, Text
from bot.app.ports import NudgeCount, NudgeOutcome, PeopleCount
from bot.app.text.catalog import n, s, t
from bot.app.text.feedback import feedback_card, feedback_file
from bot.app.text.format import shortened
from bot.app.text.local_times import Reader
from bot.app.text.spreadsheet import harmless
from bot.domain.attendee.feedback import FeedbackCount
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.hours import HOUR
from bot.domain.schedule.session import Session

FEWEST = 5
"""The smallest group of people whose number is shown: in a smaller one, a number may give somebody away."""
SHOWN = 5
TITLE = 60
"""Characters of a title in the list of sessions."""
HEADER = ("measure", "about", "day", "start", "end", "title", "count")
KEPT = (NudgeOutcome.ON_TIME,)
"""A promise is kept if its message was sent on time."""


@dataclass(frozen=True, slots=True)
class CommunityNumbers:
    """The numbers that organizers see of their community.

    Attributes:
        people: the people of the community.
        nudges: the outcomes of the messages that people were promised.
        sessions: the sessions of the conference by start, with the number of people who go there.
        hours: the hours of the conference (UTC), with the number of people who go to a session in them.
        feedback: what people said about sessions, by session id; None where the organizers do not ask.
        words: the comments in the feedback.
    """

    schedule: Schedule
    people: PeopleCount
    nudges: Sequence[NudgeCount]
    sessions: Sequence[tuple[Session, int]]
    hours: Sequence[tuple[datetime, int]]
    feedback: Mapping[str, FeedbackCount] | None = None
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)


def numbers_reply(numbers: CommunityNumbers, reader: Reader) -> Reply:
    """The numbers as a message, with the file of all of them."""
    head = t("{conference} in numbers:", conference=numbers.schedule.conference.title)
    hidden = t("The file has every session and hour. It shows no number below {count}.", count=FEWEST)
    cards: tuple[Card, ...] = (
        _people(numbers.people),
        _promises(numbers.nudges),
        _sessions(numbers, reader),
        _hours(numbers, reader),
    )
    files: tuple[File, ...] = (numbers_file(numbers),)
    if numbers.feedback is not None:
        cards = (*cards, feedback_card(numbers.schedule, numbers.feedback, reader))
        files = (*files, feedback_file(numbers.schedule, numbers.feedback, numbers.words))
    return Reply((head, hidden), cards, files=files)


def _people(people: PeopleCount) -> Card:
    return Card(
        s("People"),
        fields=(
            Field(s("Use Hallway"), t("{count}", count=people.people)),
            Field(s("Get reminders"), t("{count}", count=people.reminded)),
            Field(s("Have an agenda"), t("{count}", count=people.agendas)),
        ),
    )


def _promises(nudges: Sequence[NudgeCount]) -> Card:
    by_outcome = _by_outcome(nudges)
    promised, on_time_count = sum(by_outcome.values()), sum(by_outcome[outcome] for outcome in KEPT)
    if not promised:
        return Card(s("Reminders"), (t("None were due yet."),))
    # Rounded down: 100 % means all.
    on_time = t(
        "{kept} of {promised} ({share} %)", kept=on_time_count, promised=promised, share=100 * on_time_count // promised
    )
    names = {
        NudgeOutcome.LATE: s("Sent late"),
        NudgeOutcome.REFUSED: s("Refused by the platform"),
        NudgeOutcome.EXPIRED: s("Too late to be sent"),
        NudgeOutcome.FAILED: s("Failed"),
        NudgeOutcome.UNCERTAIN: s("Perhaps sent"),
    }
    others = (Field(name, t("{count}", count=by_outcome[outcome])) for outcome, name in names.items())
    return Card(s("Reminders"), fields=(Field(s("Promised and sent on time"), on_time), *others))


def _by_outcome(nudges: Iterable[NudgeCount]) -> Counter[NudgeOutcome]:
    counts = Counter[NudgeOutcome]()
    for nudge_count in nudges:
        counts[nudge_count.outcome] += nudge_count.count
    return counts


def _sessions(numbers: CommunityNumbers, reader: Reader) -> Card:
    most = sorted((pair for pair in numbers.sessions if pair[1] >= FEWEST), key=_by_count)[:SHOWN]
    lines = [
        t(
            "{time} {title}: {people}",
            time=reader.day_time(session.starts_at),
            title=shortened(session.title, TITLE),
            people=n("{count} person", "{count} people", count),
        )
        for session, count in most
    ]
    return Card(s("Fullest sessions"), tuple(lines) or (_none_text(),))


def _hours(numbers: CommunityNumbers, reader: Reader) -> Card:
    most = sorted((pair for pair in numbers.hours if pair[1] >= FEWEST), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    lines = [
        t("{time}: {people}", time=reader.day_time(hour), people=n("{count} person", "{count} people", count))
        for hour, count in most
    ]
    return Card(s("Busiest hours"), tuple(lines) or (_none_text(),))


def _by_count(pair: tuple[Session, int]) -> tuple[int, datetime, str]:
    return -pair[1], pair[0].starts_at, pair[0].id


def _none_text() -> Text:
    return t("None with {count} people or more.", count=FEWEST)


def numbers_file(numbers: CommunityNumbers) -> File:
    """The numbers as a CSV: one line for each total, kind of message and outcome, session and hour."""
    table = StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows([harmless(cell) for cell in row] for row in _rows(numbers))
    return File(f"numbers-{numbers.schedule.conference.slug}.csv", "text/csv", table.getvalue())


def _rows(numbers: CommunityNumbers) -> Iterator[Sequence[str]]:
    people, zone = numbers.people, numbers.schedule.conference.tz
    totals = (("people", people.people), ("people with reminders", people.reminded), ("agendas", people.agendas))
    for measure, count in totals:
        yield measure, "", "", "", "", "", str(count)
    yield "reminders promised", "", "", "", "", "", str(sum(nudge_count.count for nudge_count in numbers.nudges))
    for nudge_count in numbers.nudges:
        yield f"reminders {nudge_count.outcome}", str(nudge_count.kind), "", "", "", "", str(nudge_count.count)
    for session, count in numbers.sessions:
        times = _times(session.starts_at.astimezone(zone), session.ends_at.astimezone(zone))
        yield "session", session.code, *times, session.title, protected_count(count)
    for hour, count in numbers.hours:
        times = _times(hour.astimezone(zone), (hour + HOUR).astimezone(zone))
        yield "hour", "", *times, "", protected_count(count)


def _times(starts: datetime, ends: datetime) -> tuple[str, str, str]:
    return starts.date().isoformat(), f"{starts:%H:%M}", f"{ends:%H:%M}"


def protected_count(count: int) -> str:
    """Return a number of people, in words if it is small; 0 is a small number, too."""
    return str(count) if count >= FEWEST else f"fewer than {FEWEST}"
