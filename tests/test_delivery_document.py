"""The documents about delivery: each fault has a test, states and figures are those of the code."""

import re
from datetime import timedelta

from adapters.discord.limits import TOKEN
from bot.app.delivery.circuit_breaker import FAILURES
from bot.app.delivery.leases import LEASE_SECONDS, RENEWAL_SECONDS
from bot.app.delivery.outcomes import FLUSH_SECONDS
from bot.app.delivery.sender import FRESH, POSSIBLE_DUPLICATE
from bot.app.ports import DeliveryState
from bot.cli.application import LEASE
from bot.domain.nudges.nudge import LONGEST_AHEAD
from bot.storage.pubsub import SOON
from bot.timing.timer import LONGEST_SLEEP
from tests.documents import ROOT, read
from tests.simulation.bugs import BUGS

TEXT = read("docs/explanation/delivery.md")
SCALE = read("docs/explanation/scale.md")
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| `(tests/[\w/.]+)::(\w+)` \|$", re.MULTILINE)
NUMBERS = {"eleven": 11}


def test_every_fault_names_a_test_that_is_there() -> None:
    table = TEXT.split("<!-- faults -->")[1].split("<!-- end of faults -->")[0]
    rows = ROW.findall(table)
    assert [int(number) for number, *_ in rows] == list(range(1, 28))
    for number, _, _, file, name in rows:
        path = ROOT / file
        assert path.exists(), number
        assert re.search(rf"def {name}\(", path.read_text()), f"{number}: {name}"


def test_the_states_are_those_there_are() -> None:
    states = re.findall(r"^\| (\w+) \| ", TEXT.split("| state | means |")[1].split("\n\n")[0], re.MULTILINE)
    assert states == [state.value for state in DeliveryState]


def test_the_planted_mistakes_are_as_many_as_it_says() -> None:
    (number,) = re.findall(r"(\w+)\s+mistakes\s+that\s+were\s+planted", TEXT)
    assert NUMBERS[number] == len(BUGS)


def test_what_the_platforms_allow_is_calculated_correctly() -> None:
    def spelled(seconds: float) -> str:
        minutes, rest = divmod(round(seconds), 60)
        parts = [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest)
        return " ".join(parts)

    rows = re.findall(r"^\| ([\d,]+) \| (.+?) \| (.+?) \| (.+?) \|$", SCALE, re.MULTILINE)
    counts = [int(row[0].replace(",", "")) for row in rows]
    assert counts == [1_000, 5_000, 25_000, 60_000]
    assert [row[1:] for row in rows] == [(spelled(n / 50), spelled(n / 25), spelled(n / 5)) for n in counts]


def test_the_figures_of_delivery_are_the_codes() -> None:
    words = {2: "two", 5: "five"}
    assert f"Results are recorded every {FLUSH_SECONDS * 1_000:.0f} ms" in TEXT
    assert f"may be reused for {words[FRESH.seconds]} seconds" in TEXT
    assert f"fails {words[FAILURES]} times in a row" in " ".join(TEXT.split())
    assert f"for at most {LEASE.seconds} seconds" in TEXT
    assert f"`{POSSIBLE_DUPLICATE}`" in TEXT


def test_the_figures_of_limits_and_leases_are_the_codes() -> None:
    assert f"{TOKEN.a_second} requests a second" in SCALE
    assert f"{TOKEN.a_second / 50:.1%}".replace("%", " %") in SCALE
    assert f"a lease of {LEASE_SECONDS:.0f} seconds" in SCALE
    assert f"renewed every {RENEWAL_SECONDS:.0f}" in SCALE
    assert timedelta(minutes=10) == LONGEST_AHEAD
    assert timedelta(seconds=30) == LONGEST_SLEEP
    assert timedelta(minutes=1) == SOON
