"""Instants and plain values, as the databases keep them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import dialect

from bot.storage.types import Facts, Instant, Json, from_microseconds, to_microseconds

INSTANTS = st.datetimes(timezones=st.just(UTC))


@given(INSTANTS)
def test_an_instant_comes_back_to_the_microsecond(instant: datetime) -> None:
    assert from_microseconds(to_microseconds(instant)) == instant


@given(INSTANTS, INSTANTS)
def test_instants_sort_as_their_numbers_do(one: datetime, other: datetime) -> None:
    assert (one < other) == (to_microseconds(one) < to_microseconds(other))


def test_the_zone_of_an_instant_does_not_matter() -> None:
    there = datetime(2021, 11, 29, 9, tzinfo=timezone(timedelta(hours=-8)))
    assert to_microseconds(there) == to_microseconds(there.astimezone(UTC)) == 1_638_205_200_000_000


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        Instant().process_bind_param(datetime(2021, 11, 29, 9), dialect())


def test_nothing_stays_nothing() -> None:
    for kind in (Instant(), Json(), Facts()):
        assert kind.process_bind_param(None, dialect()) is None
        assert kind.result_processor(dialect(), None)(None) is None


def test_the_same_value_is_always_the_same_text() -> None:
    assert Json().process_bind_param({"b": 1, "a": "Zoë"}, dialect()) == '{"a":"Zoë","b":1}'


def test_facts_are_shared_and_cannot_be_changed() -> None:
    read = Facts().result_processor(dialect(), None)
    text = Facts().process_bind_param({"to": "Zoë", "minutes": 5}, dialect())
    facts = read(text)
    assert facts == {"minutes": 5, "to": "Zoë"}
    assert read(text) is facts
    with pytest.raises(TypeError):
        facts["minutes"] = 6


def test_an_empty_list_that_was_read_can_be_changed() -> None:
    read = Json().result_processor(dialect(), None)
    read("[]").append("DEV201")
    assert read("[]") == []
