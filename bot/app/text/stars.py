"""Stars: how a starred session is shown, and the buttons that star the sessions of a list."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.messages import Button, Card, Text
from bot.app.text.catalog import t
from bot.app.text.changes import change_text
from bot.app.text.format import lines
from bot.app.text.local_times import Reader
from bot.app.text.sessions import numbered
from bot.domain.attendee.agenda import Agenda, Pair
from bot.domain.attendee.attendee import Attendance
from bot.domain.schedule.session import Session

STAR, MUST = "☆", "★"


def star_buttons(listed: Sequence[Session], decided: Collection[str] = ()) -> tuple[Button, ...]:
    """A button for each session of a numbered list, except those that the attendee has decided about, by id."""
    return tuple(
        Button(f"{STAR} {number}", "star", {"code": session.code}, seen=session.revision, of_list=True)
        for number, session in enumerate(listed, 1)
        if session.id not in decided
    )


def starred_text(attendance: Attendance) -> Text:
    """Say that a session is starred."""
    return t("You starred it as a must.") if attendance.must else t("You starred it.")


def starred_change_text(pair: Pair, reader: Reader) -> Text:
    """Say what has changed since a session was starred; empty if nothing has. Nobody gets a message about that."""
    attendance, session = pair
    if attendance.last_notified is None or attendance.last_notified.agrees(session):
        return ()
    change = change_text(attendance.last_notified.session(session), session, reader)
    return t("Since you starred it: {change}.", change=change)


@dataclass(frozen=True, slots=True)
class StarWriter:
    """Writes the starred sessions of one day.

    Attributes:
        agenda: the day.
        fits: whether a session fits the agenda with its walks.
    """

    agenda: Agenda
    fits: Callable[[Session], bool]
    reader: Reader
    now: datetime

    def cards(self, pairs: Iterable[Pair], first: int) -> Sequence[Card]:
        """A short card for each starred session, numbered from `first` on."""
        starred = list(pairs)
        cards = numbered([session for _, session in starred], self.reader, day=False)
        return [
            replace(
                card,
                title=f"{MUST if attendance.must else STAR} {card.title}",
                lines=(*card.lines, *self._more((attendance, session))),
                number=first + place,
            )
            for place, (card, (attendance, session)) in enumerate(zip(cards, starred, strict=True))
        ]

    def _more(self, pair: Pair) -> Sequence[Text]:
        return lines(self._fit_text(pair[1]), starred_change_text(pair, self.reader))

    def _fit_text(self, session: Session) -> Text:
        if self.fits(session):
            return t("It fits your agenda.")
        others = [stop.session.title for stop in self.agenda.path if stop.session.overlaps(session)]
        if others:
            return t('Overlaps "{title}".', title=others[0])
        # A session that has begun does not fit any more, and needs no remark.
        return t("It doesn't fit: the walks take too long.") if session.starts_at > self.now else ()
