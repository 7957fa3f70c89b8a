"""Made-up venues, sessions, people and choices, DST nights and small hours among them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Community, Here
from bot.domain.schedule.conference import Conference, Schedule
from bot.domain.schedule.session import Session
from bot.domain.times.hour_format import HourFormat
from bot.domain.times.zones import QuietHours
from bot.domain.travel.venue import Venue
from bot.domain.travel.walker import Pace, Walker

ZONES = ("Europe/Brussels", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
NIGHTS = (
    datetime(2021, 3, 28, tzinfo=UTC),  # Brussels springs forward
    datetime(2021, 10, 31, tzinfo=UTC),  # and falls back
    datetime(2021, 11, 7, tzinfo=UTC),  # Los Angeles falls back
    datetime(2021, 4, 3, 15, tzinfo=UTC),  # Lord Howe, by half an hour
)
NAMES = ("Venetian", "Wynn", "Encore", "Forum")

instants = st.builds(
    lambda night, minutes: night + timedelta(minutes=5 * minutes), st.sampled_from(NIGHTS), st.integers(-400, 500)
)
coordinates = st.one_of(st.none(), st.tuples(st.floats(-80, 80), st.floats(-170, 170)))


@st.composite
def venues(draw: st.DrawFn) -> tuple[Venue, ...]:
    made = []
    for name in NAMES:
        place = draw(coordinates)
        lat, lon = (36.1 + place[0] / 1000, -115.1 + place[1] / 5000) if place else (None, None)
        made.append(Venue(name, (), lat, lon, draw(st.integers(0, 15))))
    return tuple(made)


@st.composite
def schedules(draw: st.DrawFn, most: int = 6) -> Schedule:
    first = draw(instants)
    sessions = []
    for number in range(draw(st.integers(1, most))):
        starts = first + timedelta(minutes=15 * draw(st.integers(0, 120)))
        ends = starts + timedelta(minutes=15 * draw(st.integers(1, 8)))
        venue = draw(st.sampled_from(("", *NAMES)))
        sessions.append(
            Session(f"s{number}", f"S{number}", f"Session {number}", starts, ends, venue, f"Room {number % 2}")
        )
    conference = Conference("made", "Made up", draw(st.sampled_from(ZONES)))
    return Schedule(conference, draw(venues()), (), tuple(sessions))


quiet_hours = st.builds(QuietHours, st.times().map(lambda t: t.replace(second=0, microsecond=0)), st.just(time(7)))


@st.composite
def attendees(draw: st.DrawFn) -> Attendee:
    ada = Attendee(1, Community(1, "console", "club"), "ada", agreed_at=datetime(2021, 1, 1, tzinfo=UTC))
    here = draw(st.one_of(st.none(), st.builds(Here, st.sampled_from(NAMES), instants)))
    return replace(
        ada,
        stay=draw(st.sampled_from((None, *NAMES))),
        here=here,
        walker=Walker(draw(st.sampled_from(Pace))),
        notice=draw(st.integers(0, 120)),
        arrive_early=draw(st.integers(0, 60)),
        quiet=draw(st.one_of(st.none(), quiet_hours)),
        alarms=draw(st.booleans()),
        hours=draw(st.none() | st.sampled_from(HourFormat)),
        locale=draw(st.sampled_from(("", "en-US", "de"))),
    )


@st.composite
def choices(draw: st.DrawFn, schedule: Schedule) -> list[Attendance]:
    made = []
    for session in schedule.sessions:
        choice = draw(st.sampled_from((None, Choice.GOING, Choice.GOING, Choice.BACKUP, Choice.STARRED, Choice.LATER)))
        if choice:
            backup_of = schedule.sessions[0].id if choice is Choice.BACKUP else None
            reserved = choice in (Choice.GOING, Choice.BACKUP) and draw(st.booleans())
            made.append(Attendance(session.id, choice, reserved, backup_of, must=draw(st.booleans())))
    return made


@st.composite
def days(draw: st.DrawFn) -> tuple[Attendee, list[Attendance], Schedule]:
    schedule = draw(schedules())
    return draw(attendees()), draw(choices(schedule)), schedule
