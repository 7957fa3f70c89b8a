"""What a channel is told: the difference between how sessions were and how they are when it is written."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.nudges.digest import MOST, REST, DigestEntry, digest_entries, digest_facts, merge_facts
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import difference
from bot.domain.schedule.session import Session, SessionState
from tests.builders import ARC, DAT, KEY, SEC, at, schedule
from tests.strategies import schedules

LATER = replace(SEC, starts_at=at(12), ends_at=at(13), revision=2)
OFF = replace(ARC, state=SessionState.CANCELLED, revision=2)
FRESH = replace(DAT, id="new", code="NEW400")


def changed(before: Schedule, after: Schedule, hour: int = 8) -> dict[str, str | int]:
    return dict(digest_facts(difference(before, after), at(hour)))


def entries(facts: dict[str, str | int], *now: Session) -> list[DigestEntry]:
    return list(digest_entries(facts, schedule(now)))


def test_moved_called_off_and_new_are_told_as_they_were_before() -> None:
    facts = changed(schedule((ARC, SEC)), schedule((OFF, LATER, FRESH)))
    assert entries(facts, OFF, LATER, FRESH) == [
        DigestEntry(replace(OFF, state=ARC.state), OFF),
        DigestEntry(None, FRESH),
        DigestEntry(replace(LATER, starts_at=SEC.starts_at, ends_at=SEC.ends_at), LATER),
    ]


def test_what_changed_back_is_not_told_nor_what_was_new_and_is_off() -> None:
    facts = changed(schedule((SEC,)), schedule((LATER, FRESH)))
    assert entries(facts, SEC, replace(FRESH, state=SessionState.CANCELLED)) == []
    assert entries(facts) == []


def test_words_and_what_is_over_are_no_news() -> None:
    words = replace(SEC, abstract="more", title="Other words")
    assert changed(schedule((SEC,)), schedule((words,))) == {}
    assert changed(schedule((SEC, ARC)), schedule((LATER,)), hour=20) == {}
    # Over by the old time, and still to come by the new one.
    assert list(
        changed(schedule((SEC,)), schedule((replace(SEC, starts_at=at(22), ends_at=at(23), revision=2),)), 20)
    ) == ["sec203"]


def test_of_several_versions_the_oldest_state_counts() -> None:
    first = changed(schedule((SEC,)), schedule((LATER,)))
    latest = replace(SEC, starts_at=at(15), ends_at=at(16), revision=3)
    second = changed(schedule((LATER, ARC)), schedule((latest, OFF)))
    (sec, arc) = sorted(
        entries(dict(merge_facts([first], second)), latest, OFF), key=lambda entry: entry.session.code, reverse=True
    )
    assert sec.before is not None
    assert (sec.before.starts_at, sec.session) == (SEC.starts_at, latest)
    assert arc.session == OFF


def test_a_version_that_changes_nearly_everything_is_told_by_its_number() -> None:
    many = [replace(KEY, id=f"k{n}", code=f"K{n}") for n in range(MOST + 50)]
    facts = changed(schedule(()), schedule(many))
    assert (len(facts), facts[REST]) == (MOST + 1, 50)
    assert dict(merge_facts([facts], changed(schedule((SEC,)), schedule((LATER,)))))[REST] == 51


@given(schedules(), schedules(), st.integers(0, 23))
def test_the_same_schedule_as_before_leaves_nothing_to_tell(before: Schedule, after: Schedule, hour: int) -> None:
    facts = digest_facts(difference(before, after), at(hour))
    ids = {session.id for session in before.sessions}
    assert [entry for entry in digest_entries(facts, before) if entry.session.id in ids] == []
