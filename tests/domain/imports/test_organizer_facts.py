"""What organizers change in the chat lies over what files say: it is undone alone, and no import undoes it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.imports.organizer_facts import (
    FileFacts,
    changed,
    undone,
    with_changes,
    with_file_facts,
    without_changes,
)
from bot.domain.schedule.conference import KindLine, Schedule, Topic
from bot.domain.schedule.organizer_changes import CREATES, ChangeKind, Values, patched
from bot.domain.travel.venue import Venue
from tests.builders import FORUM, MGM, at, schedule, session

NAMES = {
    ChangeKind.TOPIC: ("Lunch", "Wi-Fi", "Parking"),
    ChangeKind.VENUE: ("MGM Grand", "Caesars Forum", "Annex"),
    ChangeKind.SETTING: ("title", "check-in", "walk-up", "walk-up for workshop", "check-in for workshop"),
}
PATCHES: dict[ChangeKind, st.SearchStrategy[Values | None]] = {
    ChangeKind.TOPIC: st.none() | st.builds(lambda text: {CREATES: True, "text": text}, st.sampled_from("abc")),
    ChangeKind.VENUE: st.none()
    | st.builds(lambda lat: {CREATES: True, "lat": lat, "lon": -115.0}, st.sampled_from((36.0, 36.1)))
    | st.builds(lambda alias: {"aliases+": [alias]}, st.sampled_from(("x", "y")))
    | st.builds(lambda door: {"entrances+": [[door, 1.0, None]]}, st.sampled_from((1.0, 2.0))),
    ChangeKind.SETTING: st.builds(lambda minutes: {CREATES: True, "value": minutes}, st.integers(0, 60)),
}
CHANGES = st.lists(
    st.sampled_from(list(ChangeKind))
    .filter(PATCHES.__contains__)
    .flatmap(lambda kind: st.tuples(st.just(kind), st.sampled_from(NAMES[kind]), PATCHES[kind])),
    max_size=6,
)


def facts(made: Schedule) -> object:
    """All that changes can touch, without an order of names."""
    things = (*sorted(made.venues, key=lambda venue: venue.name), *sorted(made.topics, key=lambda topic: topic.name))
    return things, replace(made.conference, revision=0), made.sessions


def after(changes: list[tuple[ChangeKind, str, Values | None]], made: Schedule) -> Schedule:
    for kind, name, patch in changes:
        made = changed(made, kind, name, patch, at(8))
    return made


@given(CHANGES, st.randoms(use_true_random=False))
def test_undoing_every_change_in_any_order_gives_what_files_say(
    changes: list[tuple[ChangeKind, str, Values | None]], random: st.DataObject
) -> None:
    made = after(changes, schedule())
    numbers = [row.number for row in made.organizer_changes.rows if row.number]
    random.shuffle(numbers)  # type: ignore[attr-defined]  # a strategy of `random.Random`
    for number in numbers:
        made = undone(made, number)
    assert facts(made) == facts(schedule())
    assert made.organizer_changes.rows == ()


@given(CHANGES)
def test_a_file_that_says_the_same_again_changes_nothing(
    changes: list[tuple[ChangeKind, str, Values | None]],
) -> None:
    made = after(changes, schedule())
    again = with_changes(without_changes(made), made.organizer_changes)
    assert (facts(again), again.organizer_changes) == (facts(made), made.organizer_changes)


def test_a_change_of_one_fact_keeps_the_others_of_a_newer_file() -> None:
    made = changed(schedule(), ChangeKind.VENUE, "MGM Grand", {"minutes_inside": 25}, at(8))
    newer = (replace(MGM, aliases=("MGM", "Grand")), FORUM)
    fresh = with_changes(replace(without_changes(made), venues=newer), made.organizer_changes)
    assert fresh.venues == (replace(MGM, aliases=("MGM", "Grand"), minutes_inside=25), FORUM)
    assert undone(fresh, 2).venues == newer


def test_an_undone_addition_takes_later_changes_of_the_same_thing_with_it() -> None:
    made = changed(schedule(), ChangeKind.VENUE, "Annex", {CREATES: True, "lat": 36.0, "lon": -115.0}, at(8))
    made = changed(made, ChangeKind.VENUE, "annex", {"minutes_inside": 2}, at(8))
    assert made.venues[-1] == Venue("Annex", (), 36.0, -115.0, 2)
    assert undone(made, 2).venues == schedule().venues


def test_sessions_whose_room_names_a_new_venue_are_put_there_and_back() -> None:
    room = session("ARC1", at(9), Venue("Campus"), room="Annex, Room 2")
    other = session("ARC2", at(9), FORUM, room="Annex lane")
    before = schedule((room, other), venues=(Venue("Campus"), FORUM))
    made = changed(before, ChangeKind.VENUE, "Annex", {CREATES: True, "lat": 36.0, "lon": -115.0}, at(8))
    assert [(talk.venue, talk.room) for talk in made.sessions] == [("Annex", "Room 2"), ("Caesars Forum", "Annex lane")]
    assert undone(made, 2).sessions == before.sessions


def test_what_files_bring_stays_below_what_was_changed_in_the_chat() -> None:
    made = changed(schedule(), ChangeKind.TOPIC, "Lunch", {CREATES: True, "text": "Soup."}, at(8))
    file = FileFacts("Cloud", 15, None, (Topic("Lunch", "Bread."), Topic("Keys", "At the desk.")))
    fresh = with_changes(with_file_facts(without_changes(made), file, made.venues)[0], made.organizer_changes)
    assert fresh.topics == (Topic("Lunch", "Soup."), Topic("Keys", "At the desk."))
    assert (fresh.conference.title, fresh.conference.lines) == ("Cloud", (KindLine("", check_in=15),))
    assert undone(fresh, 2).topics == file.topics


def test_entries_of_lists_are_added_replaced_and_taken_out() -> None:
    door = patched({"entrances": [[1.0, 2.0, None]]}, {"entrances+": [[1.0, 2.0, True], [3.0, 4.0, None]]})
    assert door == {"entrances": [[1.0, 2.0, True], [3.0, 4.0, None]]}
    assert patched(door, {"entrances-": [[3.0, 4.0, None]]}) == {"entrances": [[1.0, 2.0, True]]}
