"""What is said where somebody has to leave before the end of the session before."""

from datetime import timedelta

from adapters.console.render import TerminalStyle, lines_of
from bot.app.messages import Reply
from bot.app.text import Reader, slip_out_text
from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.departure import Departure, Origin
from bot.domain.travel.leg import Leg
from bot.domain.travel.spread import Spread
from bot.domain.travel.way import LegSource
from tests.builders import ARC, at, attendee, schedule, session

NEXT = session("KDE1", ARC.ends_at + timedelta(minutes=10), title="Still looking ahead")


def leg_sentence(minutes_early: int, line: int = 0, *, reserved: bool = False) -> str:
    """What is said about a leg of 7 minutes, 11 for 9 in 10, after `ARC301`."""
    leg = Leg("Venetian", "Caesars Forum", 11, LegSource.ESTIMATE, spread=Spread(7, 11))
    departure = Departure(ARC.ends_at - timedelta(minutes=minutes_early), line, line, Origin.SESSION, leg)
    reader = Reader.of(attendee(), schedule())
    text = slip_out_text(ARC, departure, Attendance("kde1", reserved=reserved), NEXT, reader)
    return "\n".join(lines_of(Reply((text,)), at(9), TerminalStyle()))


def test_nobody_is_told_to_slip_out_for_a_minute_where_no_seat_and_no_line_waits() -> None:
    assert leg_sentence(2) == "If you stay to the end (10:00), you are there in time in about 8 of 10 cases."
    assert leg_sentence(3) == (
        'Slip out of "Queues that never sleep" at 09:57 to be there at the start. '
        "If you stay to the end (10:00), you are there in time in about 8 of 10 cases."
    )


def test_for_a_seat_or_a_line_a_minute_counts() -> None:
    assert leg_sentence(2, 2, reserved=True) == (
        'Your seat lapses at 10:08. Slip out of "Queues that never sleep" at 09:58 to keep it. '
        "If you stay to the end (10:00), you keep it in about 6 of 10 cases."
    )
    assert leg_sentence(2, 2) == (
        'The line forms at 10:08. Slip out of "Queues that never sleep" at 09:58 to be there. '
        "If you stay to the end (10:00), you are there in time in about 6 of 10 cases."
    )
