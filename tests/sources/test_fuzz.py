"""No bytes make a parser fail but in one sentence. `make fuzz` does this for a minute with each."""

import os
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import HallwayError, ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.imports.resolve import resolve_draft
from bot.domain.quoting import LONGEST_SENTENCE
from bot.sources import all_formats, parse_draft
from bot.sources.field_limits import LONGEST
from bot.sources.field_map import parse_map
from bot.sources.sandbox import wire
from tests.sources.seeds import MAP, SEEDS
from tests.sources.structured import FILES

SECONDS = float(os.environ.get("HALLWAY_FUZZ_SECONDS", "0"))
"""How long to go on with new examples for each parser: nothing in `make test`, a minute in `make fuzz`."""
FUZZING = settings(
    max_examples=500 if SECONDS else 60,
    derandomize=not SECONDS,
    suppress_health_check=list(HealthCheck),
    database=None,
)
SPICE = (
    b"",
    b"\x00",
    b"\xff",
    b"24:00",
    b"99999999999999999999",
    b"9999-12-31T23:59:59-23:59",
    b"0001-01-01T00:00",
    b"-1",
    b"NaN",
    b"[" * 70,
    b"{}",
    b"null",
    b'"',
    b"\r\n ",
    b"<a>" * 70,
    b"&amp;",
    b"PT",
    b"P9D",
    b"\xc3",
    b"Infinity",
    b"1e999",
    b"TZID=",
    b"END:VEVENT",
)


@st.composite
def spoilt(draw: st.DrawFn, seed: bytes) -> bytes:
    """A good file in which a few pieces are replaced, doubled or taken out."""
    data = seed
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        piece = draw(st.one_of(st.sampled_from(SPICE), st.binary(max_size=12), st.just(data[start:end] * 2)))
        data = data[:start] + piece + data[end:]
    return data


def again(fuzz: Callable[[], None]) -> None:
    """Once, and until the time is up."""
    until = time.monotonic() + SECONDS
    fuzz()
    while time.monotonic() < until:
        fuzz()


def one_sentence(fault: HallwayError) -> bool:
    return str(fault).endswith((".", ")")) and "\n" not in str(fault)


def survives(data: bytes, name: str) -> Draft | None:
    """The draft, which must have sane times and be settled in one sentence at most."""
    try:
        draft = parse_draft(data, "file", name, parse_map(MAP, "map.toml") if name == "mapped" else None)
    except ScheduleImportError as fault:
        assert one_sentence(fault)  # noqa: PT017 — most examples raise nothing
        return None
    assert all(len(getattr(row, name)) <= most for row in draft.sessions for name, most in LONGEST.items())
    assert all(len(text) <= LONGEST_SENTENCE + 10 for remark in draft.skipped for text in (remark.where, remark.what))
    assert all(timedelta() <= row.length and 1990 <= row.starts.year <= 2100 for row in draft.sessions)
    try:
        resolve_draft(draft, "fuzzed", "Europe/Brussels", ())
    except HallwayError as fault:
        assert one_sentence(fault)  # noqa: PT017 — most examples raise nothing
    return draft


@pytest.mark.parametrize("name", all_formats())
def test_spoilt_files_end_in_a_draft_or_in_a_sentence(name: str) -> None:
    @FUZZING
    @given(st.one_of(spoilt(SEEDS[name]), st.binary(max_size=200)))
    def fuzz(data: bytes) -> None:
        survives(data, name)

    again(fuzz)


@pytest.mark.parametrize("name", all_formats())
def test_whole_files_with_hostile_values_end_in_a_draft_or_in_a_sentence(name: str) -> None:
    @FUZZING
    @given(FILES[name]() if name in FILES else spoilt(SEEDS[name]))
    def fuzz(data: bytes) -> None:
        draft = survives(data, name)
        assert draft is None or wire.decoded(wire.encoded(draft)) == draft

    again(fuzz)


@pytest.mark.parametrize("name", all_formats())
def test_the_seed_itself_is_good_and_recognised_by_its_format_alone(name: str) -> None:
    draft = survives(SEEDS[name], name)
    assert draft is not None
    assert (draft.format, len(draft.sessions)) == (name, 2)
    if name != "mapped":
        assert parse_draft(SEEDS[name], "file").format == name


def test_a_spoilt_mapping_ends_in_a_sentence() -> None:
    @FUZZING
    @given(st.one_of(spoilt(MAP.encode()), st.text(max_size=80).map(lambda text: text.encode())))
    def fuzz(data: bytes) -> None:
        try:
            fields = parse_map(data.decode(errors="replace"), "map.toml")
            parse_draft(SEEDS["mapped"], "file", "", fields)
        except ScheduleImportError as fault:
            assert one_sentence(fault)  # noqa: PT017 — some examples raise nothing

    again(fuzz)
