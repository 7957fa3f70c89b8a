"""The stops of an agenda as cards: when to leave, what clashes, and the question which session it shall be."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.app.messages import Button, Card, Text
from bot.app.text.catalog import n, s, t
from bot.app.text.clashes import clash_text
from bot.app.text.departure import (
    departure_text,
    is_hardly_early,
    late_for_line_text,
    passed_text,
    short_departure_text,
    slip_out_text,
)
from bot.app.text.fallbacks import fallback_text, later_text
from bot.app.text.format import lines, listed, minutes_text, shortened
from bot.app.text.local_times import Reader
from bot.app.text.sessions import place_text, session_card, session_line, time_range
from bot.domain.attendee.agenda import Agenda, Clash, Fit, Stop, fitting_repeats
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.fallbacks import repeat_for, walk_up_moment
from bot.domain.planning.clash import WayOut, ways_out
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.drop_in import is_drop_in
from bot.domain.schedule.session import Session
from bot.domain.times.hour_format import clock_text
from bot.domain.times.zones import day_of

MOST_WAYS_OUT = 3
"""Ways in which all sessions of a clash are attended."""
MOST_ASKED = 3
"""Questions in one message: each has a few buttons, and Discord shows 25."""
TITLE = 80
"""Characters of a title in the overview of a day."""
SHORTEST_FREE = timedelta(minutes=15)
"""Less free time than this before one has to leave is not worth a line."""
LABEL = 40
"""Characters of a title on a button; Discord and Slack show about as many on a phone."""


@dataclass(frozen=True, slots=True)
class AgendaWriter:
    """Writes the stops of one attendee's agenda.

    Attributes:
        chosen: all choices of the attendee; a repeat has to fit them.
        urges: whether to urge the attendee to leave where the moment to leave has passed.
        label: characters of a title on a button.
    """

    attendee: Attendee
    chosen: Sequence[Attendance]
    schedule: Schedule
    reader: Reader
    now: datetime
    urges: bool = True
    label: int = LABEL

    @property
    def today(self) -> date:
        """The conference day of `now`."""
        return day_of(self.now, self.schedule.conference.tz)

    def card(
        self,
        stop: Stop,
        *,
        day: bool = False,
        number: int | None = None,
        graded: bool = False,
        room: float | None = None,
    ) -> Card:
        """The session of a stop: when to leave for it, or why the day is planned without it.

        Args:
            graded: whether to say also what is left for those who leave later.
            room: the share of walk-ups that got in; None if nobody knows.
        """
        leave = departure_text(stop.departure, stop.attendance, stop.session, self.reader)
        later = self._graded_texts(stop, room) if graded and not stop.clashes else ()
        advice = (leave, seat_text(stop, self.reader), self._late(stop), self.tight_text(stop), *later)
        more = lines(*(advice if stop.assumed else advice[1:2]), *self.clash_texts(stop))
        return session_card(stop.session, self.reader, *more, number=number, day=day)

    def _graded_texts(self, stop: Stop, room: float | None) -> Sequence[Text]:
        """What is left for those who leave later; of sessions that clash the repeats are named with the clash."""
        departure, session, reader = stop.departure, stop.session, self.reader
        repeat = repeat_for(self.attendee, self.chosen, self.schedule, session, self.now)
        later = later_text(departure, session, self.now, reader) if stop.fit is Fit.FITS else ()
        return later, fallback_text(
            walk_up_moment(departure, session, self.now), stop.attendance, session, repeat, reader, room
        )

    def overview(self, agenda: Agenda) -> Sequence[Text]:
        """A day in one numbered line a stop, as the morning brief has it: a whole day fits on one screen."""
        return [self._overview_line(stop, number, agenda) for number, stop in enumerate(agenda.stops, 1)]

    def _overview_line(self, stop: Stop, number: int, agenda: Agenda) -> Text:
        session = stop.session
        return t(
            "{number}. {time} {title}, {place}. {advice}",
            number=number,
            time=time_range(session, self.reader),
            title=shortened(session.title, TITLE),
            place=session.venue or session.room or place_text(session),
            advice=self._short_advice(stop, agenda),
        )

    def _short_advice(self, stop: Stop, agenda: Agenda) -> Text:
        if not stop.assumed:
            if is_drop_in(stop.session):
                return t("Drop in when it suits you.")
            planned = [_number(clash.other, agenda) for clash in _with_planned(stop, agenda)]
            return t("Clashes with number {number}.", number=planned[0]) if planned else ()
        if stop.before and stop.fit is Fit.TIGHT and not is_hardly_early(stop.before, stop.departure):
            time = self.reader.time(stop.departure.leave_by)
            return t("Slip out of number {number} by {time}.", number=_number(stop.before, agenda), time=time)
        return short_departure_text(stop.departure, stop.session, self.reader)

    def numbered_card(self, stop: Stop, number: int, agenda: Agenda) -> Card:
        """A stop as an entry of a day.

        What clashes is said once, where the day is planned without it: the question above the day names both.
        """
        clashes = () if stop.assumed else (_with_planned(stop, agenda) or stop.clashes)
        return self.card(replace(stop, clashes=tuple(clashes)), number=number)

    def free_time(self, agenda: Agenda) -> Sequence[Text]:
        """The free time of a day that is still to come, between the end of a session and the moment to leave."""
        gaps = [(stop, stop.gap) for stop in agenda.path if stop.gap and stop.gap >= SHORTEST_FREE]
        return [
            t(
                "{start}-{end}, {time}, then number {number}",
                start=self.reader.time(stop.departure.leave_by - gap),
                end=self.reader.time(stop.departure.leave_by),
                time=minutes_text(gap),
                number=_number(stop.session, agenda),
            )
            for stop, gap in gaps
            if stop.departure.leave_by > self.now
        ]

    def tight_text(self, stop: Stop) -> Text:
        """What to do if the session before leaves too little time for the seat or the line; empty if it does not."""
        if stop.before and stop.fit is Fit.TIGHT:
            return slip_out_text(stop.before, stop.departure, stop.attendance, stop.session, self.reader)
        return late_for_line_text(stop.departure, stop.attendance, self.reader) if stop.fit is Fit.LATE else ()

    def clash_texts(self, stop: Stop) -> Sequence[Text]:
        """What clashes with a stop, what is assumed until the attendee decides, and the repeat that solves it."""
        if is_drop_in(stop.session):
            return () if stop.assumed else (t("Drop in when it suits you."),)
        clashes = [clash for clash in stop.clashes if not is_drop_in(clash.other)]
        against = [clash_text(stop.session, clash, self.reader) for clash in clashes]
        return (*against, *self._repeat_text(stop.session)) if against else ()

    def _repeat_text(self, session: Session) -> Sequence[Text]:
        repeats = fitting_repeats(self.attendee, self.chosen, self.schedule, session, self.now)
        return [
            t(
                "It's on again {day}, and that fits your plan: {session}.",
                day=self.reader.day(repeat.starts_at),
                session=session_line(repeat, self.reader),
            )
            for repeat in repeats[:1]
        ]

    def questions(
        self, agenda: Agenda, about: Collection[str] | None = None
    ) -> tuple[Sequence[Text], Sequence[Button]]:
        """Ask which of the sessions that clash it shall be: the sentences, and a button for each way out.

        Args:
            agenda: a day of the attendee.
            about: ask only about these sessions, by id; None asks about all that are still to come.
        """
        texts: list[Text] = []
        buttons: list[Button] = []
        still_open = self.each_question(agenda, about)
        for sentences, ways in still_open[:MOST_ASKED]:
            texts += sentences
            buttons += ways
        if (more := len(still_open) - MOST_ASKED) > 0:
            texts.append(n("{count} more clash follows.", "{count} more clashes follow.", more))
        later = Button(s("Decide later"), "agenda", {"day": agenda.day.isoformat()})
        return texts, (*buttons, later) if buttons else ()

    def each_question(
        self, agenda: Agenda, about: Collection[str] | None = None
    ) -> Sequence[tuple[Sequence[Text], Sequence[Button]]]:
        """The same questions one by one, each with its own buttons."""
        open_questions = self._open_questions(agenda, about)
        return [(self._question(stop, others), self._ways_out(stop, others)) for stop, others in open_questions]

    def _open_questions(self, agenda: Agenda, about: Collection[str] | None) -> Iterator[tuple[Stop, Sequence[Stop]]]:
        for stop, others in agenda.questions:
            asked = [each for each in others if about is None or each.session.id in about]
            if asked and all(each.session.starts_at > self.now for each in (stop, *asked)):
                yield stop, asked

    def _question(self, stop: Stop, others: Sequence[Stop]) -> Sequence[Text]:
        titles = listed([(f'"{each.session.title}"',) for each in (stop, *others[:-1])])
        clash = t('{titles} and "{last}" clash: which one?', titles=titles, last=others[-1].session.title)
        return clash, _first_assumed_text(stop, others)

    def _ways_out(self, stop: Stop, others: Sequence[Stop]) -> Sequence[Button]:
        buttons = [self._choose(each) for each in (stop, *others)]
        clash = [each.session for each in (stop, *others)]
        found = ways_out(self.attendee, self.chosen, self.schedule, clash, self.now)
        return [*buttons, *(self._way_out(way) for way in found[:MOST_WAYS_OUT])]

    def _choose(self, stop: Stop) -> Button:
        session = stop.session
        arguments = {"code": session.code, "only": "only"}
        return Button(shortened(session.title, self.label), "attend", arguments, seen=session.revision, choice=True)

    def _way_out(self, way: WayOut) -> Button:
        """Move one session to another sitting, or several at once."""
        if len(way.moves) == 1:
            return self._swap(*way.moves[0])
        room = self.label // len(way.moves)
        moved = [s("{title} {time}", title=shortened(new.title, room), time=self._starts(new)) for _, new in way.moves]
        codes = " ".join(new.code for _, new in way.moves)
        return Button(" + ".join(moved), "plan", {"words": f"take {codes}"}, choice=True)

    def _starts(self, session: Session) -> str:
        starts = session.starts_at.astimezone(self.schedule.conference.tz)
        return f"{starts:%a} {clock_text(starts, self.reader.hours)}"

    def _swap(self, session: Session, repeat: Session) -> Button:
        time = self._starts(repeat)
        label = s("{title}, {time} instead", title=shortened(session.title, self.label - 20), time=time)
        arguments = {"code": repeat.code, "instead": f"instead {session.code}"}
        return Button(label, "attend", arguments, seen=repeat.revision, choice=True)

    def _late(self, stop: Stop) -> Text:
        return passed_text(stop.departure, stop.session, self.now, self.reader) if self.urges else ()


def _with_planned(stop: Stop, agenda: Agenda) -> Sequence[Clash]:
    """What a stop clashes with, as far as the day is planned with it."""
    planned = {each.session.id for each in agenda.path}
    return [clash for clash in stop.clashes if clash.other.id in planned]


def _number(session: Session, agenda: Agenda) -> int:
    """The number of a session in the list of a day, from 1."""
    return 1 + [stop.session.id for stop in agenda.stops].index(session.id)


def assumption_text(stop: Stop) -> Text:
    """Which session is assumed until the attendee decides, and why."""
    if stop.on_the_way:
        return t('Until you decide, I plan with "{title}": you have left for it.', title=stop.session.title)
    if stop.attendance.reserved:
        return t('Until you decide, I plan with "{title}": you have a seat there.', title=stop.session.title)
    return t('Until you decide, I plan with "{title}": you chose it first.', title=stop.session.title)


def _first_assumed_text(stop: Stop, others: Sequence[Stop]) -> Text:
    """`assumption_text` after a list of titles in which `stop` is the first, before those that it clashes with."""
    if stop.on_the_way:
        return t("Until you decide, I plan with the first: you have left for it.")
    if stop.attendance.reserved:
        return t("Until you decide, I plan with the first: you have a seat there.")
    if any(other.attendance.chosen_at == stop.attendance.chosen_at for other in others):
        # Chosen at one moment: the day is planned by the start, then by the id.
        if all(stop.session.starts_at < other.session.starts_at for other in others):
            return t("Until you decide, I plan with the first: it starts first.")
        return t("Until you decide, I plan with the first.")
    return t("Until you decide, I plan with the first: you chose it first.")


def seat_text(stop: Stop, reader: Reader) -> Text:
    """When a reserved seat lapses; empty without one."""
    if not stop.attendance.reserved:
        return ()
    return t("Your reserved seat lapses at {time}.", time=reader.time(stop.departure.lapses_at(stop.session)))


def sizes_text(agenda: Agenda) -> Text:
    """`2 sessions and 1 own entry`."""
    own = sum(stop.session.is_block for stop in agenda.stops)
    sessions = n("{count} session", "{count} sessions", len(agenda.stops) - own)
    if not own:
        return sessions
    blocks = n("{count} own entry", "{count} own entries", own)
    return t("{sessions} and {blocks}", sessions=sessions, blocks=blocks) if own < len(agenda.stops) else blocks
