"""Work that is too slow or too large ends with one sentence, and its process with it."""

import time
from collections.abc import Callable

import pytest

from bot.domain.errors import HallwayError
from bot.streets.apart import Limits, run_apart
from bot.streets.osm_file import kind_of


def test_the_result_comes_back() -> None:
    assert run_apart(sorted, [3, 1, 2], name="x", limits=Limits()) == [1, 2, 3]


@pytest.mark.parametrize(
    ("work", "argument", "limits"),
    [
        (time.sleep, 600, Limits(patience=0.5)),
        (sum, range(10**13), Limits(seconds=1)),
        (bytearray, 8 * 1024**3, Limits()),
    ],
)
def test_work_without_end_is_ended(work: Callable[..., object], argument: object, limits: Limits) -> None:
    with pytest.raises(HallwayError, match=r"^big\.osm takes too long or too much memory to read: cut it first"):
        run_apart(work, argument, name="big.osm", limits=limits)


def test_an_error_of_the_work_is_its_sentence() -> None:
    from pathlib import Path

    with pytest.raises(HallwayError, match=r"^x\.txt is no extract of OpenStreetMap"):
        run_apart(kind_of, Path("x.txt"), name="x.txt", limits=Limits())


def test_a_fault_of_ours_is_no_fault_of_the_file(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(HallwayError, match=r"^x\.osm could not be worked on, by a fault of Hallway"):
        run_apart(divmod, 1, 0, name="x.osm", limits=Limits())
    assert "ZeroDivisionError" in capfd.readouterr().err
