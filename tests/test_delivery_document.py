"""docs/explanation/delivery.md and scale.md: each fault has a test, the metrics exist, the commands run."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

from adapters.discord.limits import TOKEN
from adapters.web import MeterCollector
from bot.app.delivery.leases import LEASE_SECONDS, RENEWAL_SECONDS
from bot.app.ports import DeliveryState
from bot.app.runtime.metrics import Metrics
from bot.domain.nudges.nudge import LONGEST_AHEAD
from bot.storage.pubsub import SOON
from bot.timing.alarm import LONGEST_SLEEP
from tests.e2e.hallway import Hallway
from tests.simulation.bugs import BUGS

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs/explanation/delivery.md").read_text()
SCALE = (ROOT / "docs/explanation/scale.md").read_text()
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| `(tests/[\w/.]+)::(\w+)` \|$", re.MULTILINE)
NUMBERS = {"ten": 10, "eleven": 11}


def test_every_fault_names_a_test_that_is_there() -> None:
    table = TEXT.split("<!-- faults -->")[1].split("<!-- end of faults -->")[0]
    rows = ROW.findall(table)
    assert [int(number) for number, *_ in rows] == list(range(1, 28))
    for number, _, _, file, name in rows:
        path = ROOT / file
        assert path.exists(), number
        assert re.search(rf"def {name}\(", path.read_text()), f"{number}: {name}"


def test_the_metrics_and_the_states_are_those_there_are() -> None:
    named = set(re.findall(r"^\| `(hallway_\w+)` \|", TEXT, re.MULTILINE))
    counters = {"hallway_deliveries", "hallway_claims"}
    families = {each.name for each in MeterCollector(Metrics()).collect()}
    assert named == {f"{name}_total" if name in counters else name for name in families}
    states = re.findall(r"^\| (\w+) \| ", TEXT.split("| state | means |")[1].split("```")[0], re.MULTILINE)
    assert states == [each.value for each in DeliveryState]


def test_the_commands_run(tmp_path: Path) -> None:
    hallway = Hallway(tmp_path)
    assert hallway.run("migrate").returncode == 0
    commands = re.findall(r"^\$ (hallway .+)$", TEXT, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        done = hallway.run(*shlex.split(command)[1:])
        assert (done.returncode, done.stderr) == (0, ""), command


def test_the_planted_mistakes_are_as_many_as_it_says() -> None:
    (said,) = re.findall(r"(\w+)\s+mistakes that were planted", TEXT)
    assert NUMBERS[said] == len(BUGS)


def test_what_the_platforms_allow_is_reckoned_rightly() -> None:
    def spoken(seconds: float) -> str:
        minutes, rest = divmod(round(seconds), 60)
        parts = [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest)
        return " ".join(parts)

    rows = re.findall(r"^\| ([\d,]+) \| (.+?) \| (.+?) \| (.+?) \|$", SCALE, re.MULTILINE)
    counts = [int(row[0].replace(",", "")) for row in rows]
    assert counts == [1_000, 5_000, 25_000, 60_000]
    assert [row[1:] for row in rows] == [(spoken(n / 50), spoken(n / 25), spoken(n / 5)) for n in counts]


def test_the_figures_of_limits_and_leases_are_the_codes() -> None:
    assert f"{TOKEN.a_second} requests a second" in SCALE
    assert f"{TOKEN.a_second / 50:.1%}".replace("%", " %") in SCALE
    assert f"a lease of {LEASE_SECONDS:.0f} seconds" in SCALE
    assert f"renewed every {RENEWAL_SECONDS:.0f}" in SCALE
    assert timedelta(minutes=10) == LONGEST_AHEAD
    assert timedelta(seconds=30) == LONGEST_SLEEP
    assert timedelta(minutes=1) == SOON
