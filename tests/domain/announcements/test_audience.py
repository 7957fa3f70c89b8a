"""Audiences: exactly those for whom every term holds, and nobody's hotel can be told from them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcements.audience import (
    FEWEST,
    Audience,
    Listener,
    Term,
    Who,
    audience_filter,
    audience_text,
    check_hotel,
)
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import SessionState
from tests.builders import ARC, DAT, DAT_AGAIN, KEY, SEC, at, attendee, schedule

OFF = replace(DAT, id="off", code="OFF100", state=SessionState.CANCELLED, track="Security", venue="Venetian")
SCHEDULE = schedule((ARC, SEC, DAT, DAT_AGAIN, KEY, OFF))
SESSIONS = [session.id for session in SCHEDULE.sessions]
VENUES = ["Venetian", "Caesars Forum", "MGM Grand"]

choices = st.builds(
    Attendance,
    st.sampled_from(SESSIONS),
    st.sampled_from(Choice),
    backup_of=st.none() | st.sampled_from(SESSIONS),
)
listeners = st.builds(
    lambda stay, chosen, organizes: Listener(attendee(stay=stay), tuple(chosen), organizes),
    st.none() | st.sampled_from(VENUES),
    st.lists(choices, max_size=5, unique_by=lambda attendance: attendance.session),
    st.booleans(),
)
terms = st.one_of(
    st.builds(Term, st.sampled_from([Who.GOING, Who.BACKUPS]), st.sampled_from(SESSIONS)),
    st.builds(Term, st.just(Who.TRACK), st.sampled_from(["Security", "Data", "Architecture"])),
    st.builds(Term, st.just(Who.DAY), st.sampled_from(["2021-11-29", "2021-11-30"])),
    st.builds(Term, st.sampled_from([Who.HOTEL, Who.NEXT]), st.sampled_from(VENUES)),
    st.just(Term(Who.ORGANIZERS)),
)
moments = st.sampled_from([at(8), at(9), at(10), at(11), at(14), at(16), at(8, 30, 30)])


def holds(term: Term, listener: Listener, made: Schedule, now: datetime) -> bool:  # noqa: PLR0911 — one for each
    """What a term says, checked for one person as with a pencil."""
    goes = [made.by_id[attendance.session] for attendance in listener.chosen if attendance.choice is Choice.GOING]
    backups = [attendance for attendance in listener.chosen if attendance.choice is Choice.BACKUP]
    open_ = [session for session in goes if session.takes_place]
    match term.who:
        case Who.GOING:
            return any(session.id == term.what for session in goes)
        case Who.TRACK:
            return any(session.track == term.what for session in open_)
        case Who.DAY:
            return any(session.day(made.conference.tz).isoformat() == term.what for session in open_)
        case Who.HOTEL:
            return listener.attendee.stay == term.what
        case Who.BACKUPS:
            return any(term.what in (attendance.session, attendance.backup_of) for attendance in backups)
        case Who.ORGANIZERS:
            return listener.is_organizer
    coming = [session for session in open_ if now < session.starts_at <= now + timedelta(hours=24)]
    first = min((session.starts_at for session in coming), default=None)
    return any(session.venue == term.what for session in coming if session.starts_at == first)


@given(st.lists(terms, max_size=4), st.lists(listeners, max_size=8), moments)
def test_an_audience_is_everybody_for_whom_each_of_its_terms_holds(
    some: list[Term], people: list[Listener], now: datetime
) -> None:
    sieve = audience_filter(Audience(tuple(some)), SCHEDULE, now)
    expected = [listener for listener in people if all(holds(term, listener, SCHEDULE, now) for term in some)]
    assert [listener for listener in people if sieve.passes(listener)] == expected


@given(st.lists(terms, max_size=3), st.lists(terms, max_size=3), st.lists(listeners, max_size=8), moments)
def test_more_terms_are_an_intersection(
    some: list[Term], others: list[Term], people: list[Listener], now: datetime
) -> None:
    one, two, both = (
        audience_filter(Audience(tuple(chosen_terms)), SCHEDULE, now)
        for chosen_terms in (some, others, [*some, *others])
    )
    assert [both.passes(listener) for listener in people] == [
        one.passes(listener) and two.passes(listener) for listener in people
    ]


HOTEL = Audience((Term(Who.HOTEL, "Venetian"), Term(Who.GOING, "arc301")))


@pytest.mark.parametrize(("inside", "outside"), [(4, 50), (50, 4), (0, 50), (50, 0), (4, 4)])
def test_few_inside_or_few_outside_are_refused(inside: int, outside: int) -> None:
    with pytest.raises(BadInputError, match="at least 5 people in it and 5 people outside it"):
        check_hotel(inside, outside)


def test_five_and_five_are_enough() -> None:
    check_hotel(FEWEST, FEWEST)


@given(st.integers(0, 10_000), st.integers(0, 4))
def test_the_numbers_of_an_audience_by_hotel_do_not_tell_of_one_person(number: int, more: int) -> None:
    step = number // FEWEST * FEWEST
    assert HOTEL.size_text(step) == HOTEL.size_text(step + more)
    assert HOTEL.without_hotels.size_text(number) == f"{number:,}"


@pytest.mark.parametrize(
    ("some", "words"),
    [
        ([], "everyone"),
        ([Term(Who.GOING, "arc301")], "going ARC301"),
        ([Term(Who.GOING, "gone")], "going gone"),
        ([Term(Who.HOTEL, "Venetian"), Term(Who.TRACK, "Data")], "hotel Venetian and track Data"),
        ([Term(Who.NEXT, "MGM Grand")], "next MGM Grand"),
        ([Term(Who.BACKUPS, "sec203")], "backups SEC203"),
        ([Term(Who.DAY, "2021-11-29")], "day 2021-11-29"),
        ([Term(Who.ORGANIZERS)], "organizers"),
    ],
)
def test_whom_it_is_for_is_said_to_organizers_in_words_that_can_be_typed(some: list[Term], words: str) -> None:
    assert audience_text(Audience(tuple(some)), SCHEDULE) == words
