"""A proposed day in words: each session with its reason, lunch, and why the rest is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.app.messages import Card, Text
from bot.app.text.catalog import n, s, t
from bot.app.text.format import day_text, lines, listed, minutes_text, shortened
from bot.app.text.local_times import Reader
from bot.app.text.places import place_name
from bot.app.text.sessions import session_card, session_line, session_name, time_range
from bot.domain.attendee.attendee import Attendance
from bot.domain.planning.candidate import Firmness
from bot.domain.planning.lunch import LunchBreak
from bot.domain.planning.plan import LeftOut, Obstacle, Plan, Planned, PlannedDay
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Recorded, Session

MOST_LEFT_OUT = 6
"""Talks that are explained in one message; the firmest come first."""
TITLE = 60
"""Characters of a title in the line of a week."""


@dataclass(frozen=True, slots=True)
class PlanWriter:
    """Writes a plan for one attendee.

    Attributes:
        days: the conference days of the plan.
        mine: what the attendee chose, by session.
        since: the moment from which the rest of a day is planned; None for whole days.
    """

    plan: Plan
    days: Sequence[date]
    mine: Mapping[str, Attendance]
    schedule: Schedule
    reader: Reader
    since: datetime | None = None

    def head(self) -> Sequence[Text]:
        """Describe the plan, in one to three lines."""
        return lines(self._summary(), self._precision(), self._lunch_missed())

    def cards(self) -> tuple[Card, ...]:
        """Return the sessions with lunch between them, then the sessions that are left out."""
        day_cards = self._day_cards(self.plan.days[0]) if len(self.days) == 1 else self._week_cards()
        left_out = self._left_out_card()
        return (*day_cards, left_out) if left_out else tuple(day_cards)

    def _summary(self) -> Text:
        sessions = self.plan.sessions
        venues = {session.venue for session in sessions if session.venue}
        count = n("{count} session", "{count} sessions", len(sessions))
        place_text = n("at {place}", "in {count} venues", len(venues), place=min(venues)) if venues else ""
        walked = sum(stop.walk for day in self.plan.days for stop in day.stops if stop.changes_venue)
        return t(
            "{when}: {sessions} {where}{walk}.",
            when=self._when(),
            sessions=count,
            where=place_text,
            walk=s(", {time} on the way", time=minutes_text(timedelta(minutes=walked))) if walked else "",
        )

    def _when(self) -> Text:
        if len(self.days) > 1:
            return t("{first} to {last}", first=day_text(self.days[0]), last=day_text(self.days[-1]))
        day = day_text(self.days[0])
        return (
            t("The rest of {day}, from {time} on", day=day, time=self.reader.time(self.since)) if self.since else (day,)
        )

    def _precision(self) -> Text:
        if not self.plan.within:
            return ()
        return t(
            "There are more repeats than I could compare: a better plan is worth at most {per_cent} % more.",
            per_cent=self.plan.within,
        )

    def _lunch_missed(self) -> Text:
        missed = [
            day_text(day) for day, day_plan in zip(self.days, self.plan.days, strict=True) if day_plan.misses_lunch
        ]
        if not missed:
            return ()
        if len(self.days) == 1:
            return t("There is no time for lunch between what you go to.")
        return t("There is no time for lunch on {days}.", days=", ".join(missed))

    def _day_cards(self, day: PlannedDay) -> Iterator[Card]:
        lunch = day.lunch
        for number, stop in enumerate(day.stops, 1):
            walk = self._walk(stop)
            if lunch and lunch.starts_at <= stop.session.starts_at:
                comes_first = walk if lunch.comes_after_walk else ()
                yield self._lunch_card(lunch, comes_first)
                lunch, walk = None, () if comes_first else walk
            more = (self.why(stop), walk, self._backup(stop))
            yield session_card(stop.session, self.reader, *more, number=number, day=False)
        if lunch:
            yield self._lunch_card(lunch)

    def _week_cards(self) -> Iterator[Card]:
        number = 1
        for day, day_plan in zip(self.days, self.plan.days, strict=True):
            if not day_plan.stops:
                continue
            rows = []
            for stop in day_plan.stops:
                rows.append(
                    t(
                        "{number}. {time} {title}, {place}. {why}",
                        number=number,
                        time=time_range(stop.session, self.reader),
                        title=shortened(stop.session.title, TITLE),
                        place=stop.session.venue or stop.session.room or s("place not announced yet"),
                        why=self.why(stop),
                    )
                )
                number += 1
            rows += [t("Lunch: {lunch}.", lunch=self._lunch(day_plan.lunch))] if day_plan.lunch else []
            yield Card(day_text(day), tuple(rows))

    def _lunch_card(self, lunch: LunchBreak, walk: Text = ()) -> Card:
        return Card(s("Lunch"), lines(t("{lunch}.", lunch=self._lunch(lunch)), walk))

    def _lunch(self, lunch: LunchBreak) -> Text:
        starts, ends = self.reader.here().time(lunch.starts_at), self.reader.here().time(lunch.ends_at)
        if lunch.place is None:
            return t("{starts}-{ends}", starts=starts, ends=ends)
        return t("{starts}-{ends} at {place}", starts=starts, ends=ends, place=place_name(lunch.place.venue))

    def why(self, stop: Planned) -> Text:
        """Say why a session is in the plan, in one line."""
        more = self._more(stop)
        first = self._first(stop)
        return t("{why}, and {more}.", why=first, more=more) if more else t("{why}.", why=first)

    def _first(self, stop: Planned) -> str:
        mine = self.mine.get(stop.session.id)
        if stop.candidate.firmness is Firmness.SEAT:
            return s("You have a seat there")
        if stop.candidate.firmness is Firmness.GOING:
            return s("It's on your agenda")
        if stop.candidate.firmness is Firmness.MUST:
            return s("It's a must for you")
        if mine is not None:
            return s("You starred it")
        return s("It fits what you asked for")

    def _more(self, stop: Planned) -> str:
        session = stop.session
        if session.is_block:
            return ""
        if session.recorded is Recorded.NO:
            return s("it isn't recorded")
        if self.schedule.has_repeats and not self.schedule.repeats(session):
            return s("it's the only sitting")
        return "" if stop.candidate.is_firm else self._nearness(stop)

    def _nearness(self, stop: Planned) -> str:
        session = stop.session
        if stop.origin and not stop.walk and stop.origin.room == session.room:
            return s("you stay in the same room")
        if stop.origin and stop.origin.venue == session.venue:
            return s("you're at {place} already", place=place_name(session.venue))
        return ""

    def _walk(self, stop: Planned) -> Text:
        if not stop.changes_venue or stop.origin is None or stop.leave_by is None:
            return ()
        minutes, place = round(stop.walk), place_name(stop.origin.venue)
        if self.since and stop.leave_by <= self.since:
            arrival = self.reader.time(self.since + timedelta(minutes=stop.walk))
            return t(
                "{minutes} min from {place}: leave now to be there at {time}.",
                minutes=minutes,
                place=place,
                time=arrival,
            )
        return t(
            "{minutes} min from {place}: leave by {time}.",
            minutes=minutes,
            place=place,
            time=self.reader.time(stop.leave_by),
        )

    def _backup(self, stop: Planned) -> Text:
        if not stop.backups:
            return ()
        return t("If that fails: {session}.", session=session_line(stop.backups[0], self.reader))

    def _left_out_card(self) -> Card | None:
        left_out = self.plan.left_out
        if not left_out:
            return None
        rows = [self.left_out_text(omitted) for omitted in left_out[:MOST_LEFT_OUT]]
        if (more := len(left_out) - MOST_LEFT_OUT) > 0:
            rows.append(n("{count} more of your stars.", "{count} more of your stars.", more))
        return Card(s("Left out"), tuple(rows))

    def left_out_text(self, omitted: LeftOut) -> Text:
        """Say why a talk is not in the plan: `Keys, locks and doors (SEC203): overlaps number 2`."""
        session = omitted.candidate.session
        name, why = session_name(session), self._obstacle(omitted)
        if omitted.candidate.firmness is Firmness.MUST:
            return t("{session}, though it's a must: {why}.", session=name, why=why)
        if omitted.candidate.is_firm:
            return t("{session}, though it's on your agenda: {why}.", session=name, why=why)
        return t("{session}: {why}.", session=name, why=why)

    def _obstacle(self, omitted: LeftOut) -> Text:
        other = self._called(omitted.other) if omitted.other else ""
        if omitted.sittings > 1 and omitted.other:
            return n(
                "{why}, and its other sitting fits no better",
                "{why}, and its {count} other sittings fit no better",
                omitted.sittings - 1,
                why=self._clash(omitted, other),
            )
        return self._clash(omitted, other)

    def _clash(self, omitted: LeftOut, other: str) -> Text:
        match omitted.obstacle:
            case Obstacle.OVERLAPS:
                return self._overlap(omitted, other)
            case Obstacle.TOO_FAR_AFTER:
                return t("you can't be there in time after {other}", other=other)
            case Obstacle.TOO_FAR_BEFORE:
                return t("you can't get from there to {other} in time", other=other)
            case Obstacle.TOO_LATE:
                return t("you can't be there in time any more")
            case Obstacle.LUNCH:
                return t("it leaves no time for lunch")
        return t("it isn't worth the way there and back")

    def _overlap(self, omitted: LeftOut, other: str) -> Text:
        if omitted.candidate.session.can_be_watched:
            return t("overlaps {other}, and is recorded", other=other)
        if omitted.other and omitted.other.recorded is Recorded.NO:
            return t("overlaps {other}, which isn't recorded", other=other)
        return t("overlaps {other}", other=other)

    def _called(self, session: Session) -> str:
        """A session of the plan by its number."""
        numbers = {session.id: number for number, session in enumerate(self.plan.sessions, 1)}
        return s("number {number}", number=numbers[session.id]) if session.id in numbers else session_name(session)


def new_sessions(plan: Plan) -> list[tuple[int, Session]]:
    """Return the sessions of a plan that are not on the agenda yet, with their numbers."""
    firm = {stop.session.id for day in plan.days for stop in day.stops if stop.candidate.firmness >= Firmness.GOING}
    return [(number, session) for number, session in enumerate(plan.sessions, 1) if session.id not in firm]


def names_text(sessions: Sequence[Session]) -> Text:
    """The names of sessions, separated by commas."""
    return listed([(session_name(session),) for session in sessions])
