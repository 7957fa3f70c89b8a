"""Blocks laid over a schedule, for one attendee only."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.block import Block, with_blocks
from bot.domain.attendee.departure import Origin
from bot.domain.nudges.nudge import NudgeKind, plan_nudges
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import day_of
from tests.builders import ARC, SEC, at, attendee, schedule
from tests.strategies import days, instants

ADA = attendee(stay="MGM Grand", agreed_at=at(7, day=28))
LUNCH = Block(7, at(12), at(13), "lunch with Ana", "Caesars Forum")
CALL = Block(8, at(10, 15), at(10, 45), "call home")
MADE = schedule()
DAY = day_of(at(9), MADE.conference.tz)


def test_without_blocks_it_is_the_same_schedule() -> None:
    assert with_blocks(MADE, ()) is MADE


def test_a_block_is_found_by_id_and_is_in_no_list() -> None:
    own = with_blocks(MADE, [LUNCH])
    assert own.by_id["block:7"] == own.by_code["BLOCK:7"] == LUNCH.session
    assert own.day_by_id["block:7"] == DAY
    assert (own.sessions, own.travel, own.drop_ins) == (MADE.sessions, MADE.travel, MADE.drop_ins)
    assert LUNCH.session not in [*own.on(DAY), *own.under_way(at(12, 30)), *own.starting_after(at(8))]
    assert "block:7" not in MADE.by_id


def test_lunch_has_a_walk_no_line_and_is_no_drop_in() -> None:
    lunch = Block(7, at(12), at(13), "lunch", "Caesars Forum")
    agenda = build_agenda(ADA, [Attendance("arc301"), Attendance("block:7")], with_blocks(MADE, [lunch]), DAY)
    arc, stop = agenda.stops
    assert (stop.departure.arrive_early, stop.departure.line, stop.departure.origin) == (0, 0, Origin.SESSION)
    assert stop.departure.leave_by == at(11, 42)
    assert stop.before == arc.session


def test_a_block_without_a_place_moves_nobody() -> None:
    own = with_blocks(MADE, [CALL])
    chosen = [Attendance("arc301"), Attendance("sec203"), Attendance("block:8")]
    without = build_agenda(ADA, chosen[:2], MADE, DAY)
    agenda = build_agenda(ADA, chosen, own, DAY)
    assert [stop.session.id for stop in agenda.stops] == ["arc301", "block:8", "sec203"]
    assert agenda.stops[2].departure == without.stops[1].departure
    assert agenda.home == without.home
    assert [nudge.subject for nudge in plan_nudges(ADA, chosen, own, at(7)) if nudge.kind is NudgeKind.LEAVE_BY] == [
        "arc301",
        "sec203",
    ]


def test_a_block_clashes_like_a_session_and_the_one_chosen_first_is_assumed() -> None:
    meeting = Block(9, at(11, 30), at(12, 30), "meeting", "MGM Grand")
    chosen = [Attendance("sec203", chosen_at=at(7)), Attendance("block:9", chosen_at=at(6))]
    ((stop, others),) = build_agenda(ADA, chosen, with_blocks(MADE, [meeting]), DAY).questions
    assert (stop.session.id, [other.session.id for other in others]) == ("block:9", ["sec203"])


@given(days(), instants, st.lists(st.tuples(st.integers(0, 2_000), st.integers(15, 300)), max_size=3))
def test_with_and_without_blocks_the_plan_of_others_is_the_same(
    day: tuple[Attendee, list[Attendance], Schedule], now: object, spans: list[tuple[int, int]]
) -> None:
    who, chosen, made = day
    first = made.sessions[0].starts_at if made.sessions else at(8)
    blocks = [
        Block(number, first + timedelta(minutes=start), first + timedelta(minutes=start + length))
        for number, (start, length) in enumerate(spans, 1)
    ]
    own = with_blocks(made, blocks)
    for date in made.days:
        assert build_agenda(who, chosen, own, date) == build_agenda(who, chosen, made, date)
    taken = [*chosen, *(Attendance(block.id) for block in blocks)]
    on_days = [
        stop.session.id
        for date in {*made.days, *(own.day_by_id[block.id] for block in blocks)}
        for stop in build_agenda(who, taken, own, date).stops
    ]
    assert {block.id for block in blocks} <= set(on_days)


def test_arc_and_sec_are_as_the_figures_above_assume() -> None:
    assert (ARC.ends_at, SEC.starts_at) == (at(10), at(11))
