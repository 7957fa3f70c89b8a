"""An attendee's day: where it starts, when to leave, what does not fit."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attendee.agenda import Clash, Fit, build_agenda, fitting_repeats, whereabouts
from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Here
from bot.domain.attendee.departure import Departure, Origin, arrive_early, departure_for, leave_by, line_minutes
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import day_of
from bot.domain.travel.leg import Leg
from bot.domain.travel.spread import Spread
from bot.domain.travel.venue import Place
from bot.domain.travel.walker import Pace, Walker
from bot.domain.travel.way import LegSource
from tests.builders import ARC, CONFERENCE, DAT, DAT_AGAIN, FORUM, MGM, SEC, VENETIAN, at, attendee, schedule, session
from tests.strategies import days

ADA = attendee(stay="MGM Grand")
GOING = [Attendance("arc301", reserved=True), Attendance("sec203", reserved=True), Attendance("dat310")]
DAY = day_of(at(9), schedule().conference.tz)


def test_the_formula_with_the_figures_of_the_design() -> None:
    """`leave Venetian by 13:05: 18 min walk to Caesars Forum, + 10 min check-in` for a start at 13:33."""
    late = session("SEC310", at(13, 33), FORUM)
    day = schedule([ARC, late])
    departure = departure_for(ADA, Attendance("sec310", reserved=True), late, ARC, day)
    leg = Leg("Venetian", "Caesars Forum", 18, LegSource.ORGANIZER, 900, spread=Spread(18, 18))
    assert departure == Departure(at(13, 5), 10, 10, Origin.SESSION, leg)


def test_a_seat_needs_the_check_in_cut_off_and_none_the_walk_up_line() -> None:
    conference, lunch = schedule().conference, session("LUN1", at(12), title="Lunch", kind="Meal")
    for seats, line in ((True, 20), (False, 0)):
        assert line_minutes(Attendance("arc301", reserved=True), ARC, conference, seats=seats) == 10
        assert line_minutes(Attendance("arc301"), ARC, conference, seats=seats) == line
        assert line_minutes(Attendance("lun1"), lunch, conference, seats=seats) == 0
    assert [arrive_early(replace(ADA, arrive_early=wish), 20) for wish in (0, 5, 30)] == [20, 20, 30]


def test_nobody_queues_where_no_seats_are_reserved() -> None:
    """The schedule shows it by its kinds, the conference by its attendees, and the attendee's own agenda by a seat."""
    open_doors = replace(CONFERENCE, seats=False)
    talk = session("TAL1", at(12), kind="Chalk talk")

    def planned(made: Schedule, *more: Attendance) -> tuple[int, int]:
        agenda = build_agenda(ADA, [Attendance("sec203"), *more], made, DAY)
        (stop,) = [stop for stop in agenda.stops if stop.session.id == "sec203"]
        return stop.departure.arrive_early, stop.departure.line

    assert planned(schedule(conference=open_doors)) == (5, 0)
    assert planned(schedule([SEC, talk], conference=open_doors)) == (20, 20)
    assert planned(schedule(conference=open_doors), GOING[0]) == (20, 20)
    assert planned(schedule()) == (20, 20)


def test_the_seat_lapses_by_the_rule_however_early_one_wishes_to_be_there() -> None:
    agenda = build_agenda(replace(ADA, arrive_early=25), [GOING[0]], schedule(), DAY)
    (stop,) = agenda.stops
    assert (stop.departure.arrive_early, stop.departure.lapses_at(ARC)) == (25, at(8, 50))


def origin_of(who: Attendee, chosen: list[Attendance], code: str) -> tuple[Origin, str]:
    agenda = build_agenda(who, chosen, schedule(), DAY)
    (stop,) = [stop for stop in agenda.stops if stop.session.code == code]
    assert stop.departure.leg
    return stop.departure.origin, stop.departure.leg.origin


def test_one_starts_from_where_one_said_then_the_session_before_then_the_hotel() -> None:
    assert origin_of(ADA, GOING, "ARC301") == (Origin.STAY, "MGM Grand")
    assert origin_of(ADA, GOING, "SEC203") == (Origin.SESSION, "Venetian")
    here = replace(ADA, here=Here("MGM Grand", at(9, 30)))
    assert origin_of(here, GOING, "SEC203") == (Origin.HERE, "MGM Grand")
    older = replace(ADA, here=Here("MGM Grand", at(8, 30)))
    assert origin_of(older, GOING, "SEC203") == (Origin.SESSION, "Venetian")
    yesterday = replace(ADA, here=Here("Caesars Forum", at(20, day=28)))
    assert origin_of(yesterday, GOING, "ARC301") == (Origin.STAY, "MGM Grand")


def test_an_unknown_start_counts_the_longest_way() -> None:
    nobody_knows = attendee()
    assert origin_of(nobody_knows, GOING, "ARC301") == (Origin.UNKNOWN, "MGM Grand")


def test_where_no_way_is_known_no_walk_is_counted() -> None:
    lost = session("POP1", at(10), replace(FORUM, name="Pop-up Stage"))
    departure = departure_for(ADA, Attendance("pop1"), lost, None, schedule([lost]))
    assert departure == Departure(at(9, 40), 20, 20, Origin.UNKNOWN, None)


def test_a_day_has_gaps_overlaps_legs_that_cannot_be_made_and_a_way_home() -> None:
    chosen = [*GOING, Attendance("dat310-r", Choice.BACKUP, backup_of="dat310")]
    agenda = build_agenda(ADA, chosen, schedule(), DAY)
    seen = [(s.session.code, s.assumed, s.gap, [clash.other.code for clash in s.clashes]) for s in agenda.stops]
    assert seen == [
        ("ARC301", True, None, []),
        ("SEC203", True, timedelta(minutes=32), ["DAT310"]),
        ("DAT310", False, timedelta(minutes=52), ["SEC203"]),
    ]
    assert [session.code for _, session in agenda.backups] == ["DAT310-R"]
    assert agenda.home == schedule().travel.best(Place("Caesars Forum"), Place("MGM Grand"))
    assert [leg.origin for leg in agenda.legs] == ["MGM Grand", "Venetian", "Caesars Forum"]


def test_a_session_that_ends_too_late_for_the_cut_off_but_not_for_the_start_is_tight() -> None:
    close = session("NET1", at(10, 20), FORUM)
    agenda = build_agenda(ADA, [GOING[0], Attendance("net1")], schedule([ARC, close]), DAY)
    assert [stop.fit for stop in agenda.stops] == [Fit.FITS, Fit.TIGHT]


def test_who_stays_in_the_room_is_never_late_for_it() -> None:
    after = session("NET2", at(10, 5), VENETIAN, room=ARC.room)
    agenda = build_agenda(ADA, [GOING[0], Attendance("net2")], schedule([ARC, after]), DAY)
    assert [(stop.fit, stop.departure.stays) for stop in agenda.stops] == [(Fit.FITS, False), (Fit.FITS, True)]


def test_who_has_hours_until_the_next_session_in_the_room_does_not_sit_there() -> None:
    """Within the hour a person stays; later they are somewhere in the venue; after four hours at the hotel, if known."""
    starts: dict[datetime, tuple[float, Origin, datetime | None]] = {at(11): (0, Origin.SESSION, None)}
    starts |= {at(11, 5): (14.2, Origin.SESSION, None), at(14): (14.2, Origin.SESSION, None)}
    starts |= {at(14, 5): (49, Origin.STAY, ARC.ends_at)}
    for start, (minutes, origin, since) in starts.items():
        after = session("NET2", start, VENETIAN, room=ARC.room)
        (_, stop) = build_agenda(ADA, [GOING[0], Attendance("net2")], schedule([ARC, after]), DAY).stops
        assert stop.departure.leg
        assert (stop.departure.leg.minutes, stop.departure.origin, stop.departure.since) == (minutes, origin, since)
    homeless = build_agenda(replace(ADA, stay=None), [GOING[0], Attendance("net2")], schedule([ARC, after]), DAY)
    assert (homeless.stops[1].departure.origin, homeless.stops[1].departure.since) == (Origin.SESSION, ARC.ends_at)


def test_who_says_where_they_are_on_arriving_late_still_sits_in_that_room() -> None:
    after = session("NET2", at(10, 5), VENETIAN, room=ARC.room)
    late = replace(ADA, here=Here("Venetian", at(9, 5)))
    agenda = build_agenda(late, [GOING[0], Attendance("net2")], schedule([ARC, after]), DAY)
    assert agenda.stops[1].departure.stays


def test_whereabouts_follow_the_day() -> None:
    agenda = build_agenda(ADA, GOING, schedule(), DAY)
    assert whereabouts(ADA, agenda, schedule(), at(8)) == (Place("MGM Grand"), Origin.STAY)
    assert whereabouts(ADA, agenda, schedule(), at(9, 30)) == (ARC.place, Origin.SESSION)
    located = replace(ADA, here=Here("Caesars Forum", at(10, 5)))
    assert whereabouts(located, agenda, schedule(), at(10, 10)) == (Place("Caesars Forum"), Origin.HERE)


@given(days(), st.integers(0, 60), st.integers(1, 60))
def test_leave_by_is_monotone_in_every_input(
    day: tuple[Attendee, list[Attendance], Schedule], early: int, more: int
) -> None:
    who, _, made = day
    first = made.sessions[0]
    leg = Leg("A", "B", early, LegSource.ESTIMATE)
    longer = replace(leg, minutes=leg.minutes + more)
    later = replace(
        first, starts_at=first.starts_at + timedelta(minutes=more), ends_at=first.ends_at + timedelta(hours=2)
    )
    assert leave_by(first, early + more, leg) < leave_by(first, early, leg)
    assert leave_by(first, early, longer) < leave_by(first, early, leg) <= leave_by(first, early, None)
    assert leave_by(later, early, leg) - leave_by(first, early, leg) == timedelta(minutes=more)
    by_pace = [
        departure_for(replace(who, walker=Walker(pace)), Attendance(first.id), first, None, made).leave_by
        for pace in (Pace.SLOW, Pace.NORMAL, Pace.FAST)
    ]
    assert by_pace == sorted(by_pace)


@given(days())
def test_an_agenda_is_in_order_leaves_before_it_starts_and_overlaps_both_ways(
    day: tuple[Attendee, list[Attendance], Schedule],
) -> None:
    who, chosen, made = day
    for date in made.days:
        agenda = build_agenda(who, chosen, made, date)
        starts = [stop.session.starts_at for stop in agenda.stops]
        assert starts == sorted(starts)
        assert all(stop.departure.leave_by <= stop.session.starts_at for stop in agenda.stops)
        assert all(stop.gap is None or stop.gap >= timedelta() for stop in agenda.stops)
        pairs = {(stop.session.id, clash.other.id) for stop in agenda.stops for clash in stop.clashes}
        assert pairs == {(b, a) for a, b in pairs}


@given(days())
def test_a_departure_comes_back_from_its_facts(day: tuple[Attendee, list[Attendance], Schedule]) -> None:
    who, chosen, made = day
    for date in made.days:
        for stop in build_agenda(who, chosen, made, date).stops:
            assert Departure.of_facts(stop.departure.facts) == stop.departure


def test_repeats_are_other_sittings_of_the_same_talk() -> None:
    assert DAT.talk == DAT_AGAIN.talk == "DAT310"
    assert schedule().repeats(DAT) == [DAT_AGAIN]
    assert schedule().repeats(SEC) == []


def test_an_online_session_has_no_walk_and_no_line_and_moves_nobody() -> None:
    online = replace(session("ONL100", at(10), room="https://meet.example/1"), venue="")
    day = schedule([ARC, online, replace(SEC, starts_at=at(12), ends_at=at(13))])
    chosen = [Attendance("arc301"), Attendance("onl100", reserved=True), Attendance("sec203", reserved=True)]
    first, meeting, after = build_agenda(replace(ADA, arrive_early=30), chosen, day, DAY).stops
    assert meeting.departure == Departure(at(10), 0, 0, Origin.UNKNOWN)
    assert (meeting.fit, after.fit, after.before) == (Fit.FITS, Fit.FITS, ARC)
    assert (after.departure.origin, after.departure.leg and after.departure.leg.origin) == (Origin.SESSION, "Venetian")
    assert (online.online, online.link, first.session.online) == (True, "https://meet.example/1", False)


def test_after_a_day_that_ends_online_the_way_home_is_from_the_last_room() -> None:
    online = replace(session("ONL100", at(10), room="Online"), venue="")
    agenda = build_agenda(ADA, [Attendance("arc301"), Attendance("onl100")], schedule([ARC, online]), DAY)
    assert agenda.home
    assert (agenda.home.origin, agenda.home.target) == ("Venetian", "MGM Grand")
    assert whereabouts(ADA, agenda, schedule([ARC, online]), at(10, 30))[0] == ARC.place


PARTY = session("PTY1", at(1, 30, day=30), VENETIAN, 180)
DAWN = session("RUN1", at(4, 45, day=30), MGM)
"""49 minutes from the party, which ends at 04:30: on the next conference day."""


def test_a_session_before_dawn_that_cannot_be_reached_from_the_night_before_is_asked_about_once() -> None:
    made, later = schedule([ARC, PARTY, DAWN]), day_of(DAWN.starts_at, schedule().conference.tz)
    chosen = [Attendance("arc301"), Attendance("pty1", chosen_at=at(8)), Attendance("run1", chosen_at=at(9))]

    def planned(*more: Attendance) -> list[tuple[list[str], list[tuple[str, ...]]]]:
        agendas = [build_agenda(ADA, [chosen[0], *more], made, day) for day in (DAY, later)]
        return [
            (
                [stop.session.code for stop in agenda.path],
                [(stop.session.code, *(entry.session.code for entry in others)) for stop, others in agenda.questions],
            )
            for agenda in agendas
        ]

    assert planned(*chosen[1:]) == [(["ARC301", "PTY1"], [("PTY1", "RUN1")]), ([], [])]
    seated = replace(chosen[2], reserved=True)
    assert planned(chosen[1], seated) == [(["ARC301"], []), (["RUN1"], [("RUN1", "PTY1")])]
    assert build_agenda(ADA, [chosen[0], *chosen[1:]], made, later).stops[0].clashes == (
        Clash(PARTY, PARTY.ends_at + timedelta(minutes=49)),
    )


def test_a_session_before_dawn_in_the_same_place_starts_where_the_night_ended() -> None:
    near = replace(DAWN, venue=PARTY.venue, room=PARTY.room)
    made, later = schedule([PARTY, near]), day_of(DAWN.starts_at, schedule().conference.tz)
    (stop,) = build_agenda(ADA, [Attendance("pty1"), Attendance("run1")], made, later).stops
    assert (stop.assumed, stop.clashes, stop.departure.origin, stop.departure.stays) == (True, (), Origin.SESSION, True)


def test_a_repeat_fits_in_spite_of_lunch_and_not_in_spite_of_a_session() -> None:
    lunch = session("LUN1", DAT_AGAIN.starts_at, MGM, title="Lunch", kind="Meal")
    talk = replace(lunch, id="tal1", code="TAL1", title="Talk", kind="Talk")
    made, now = schedule([DAT, DAT_AGAIN, lunch, talk]), at(8)
    assert fitting_repeats(ADA, [GOING[2], Attendance("lun1")], made, DAT, now) == [DAT_AGAIN]
    assert fitting_repeats(ADA, [GOING[2], Attendance("tal1")], made, DAT, now) == []
    # One's own choice does not stand in its way, and one that is chosen already is no way out.
    assert fitting_repeats(ADA, [GOING[2]], made, DAT, now) == [DAT_AGAIN]
    assert fitting_repeats(ADA, [GOING[2], Attendance("dat310-r")], made, DAT, now) == []
