"""The layers hold by machine: planted violations fail, and so do reads of the clock and broad excepts."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from grimp import ImportGraph, build_graph
from importlinter.application.app_config import settings
from importlinter.application.ports.building import GraphBuilder
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "adapters", "migrations")
CLOCK = {"now", "utcnow", "today", "time", "monotonic"}
MAY_CATCH_ALL = {
    "bot/app/dispatcher/pipeline.py",
    "bot/app/runtime/job_loop.py",
    "bot/app/delivery/sender.py",
    # One broken feed must not stop the others, as one delivery must not stop the others.
    "bot/app/schedules/feeds.py",
}
LINES, FUNCTION_LINES = 400, 80

VIOLATIONS = [
    ("bot/domain/attendee/agenda.py", "import sqlalchemy"),
    ("bot/domain/attendee/agenda.py", "import asyncio"),
    ("bot/domain/attendee/agenda.py", "import bot.app.messages"),
    ("bot/domain/travel/leg.py", "import bot.domain.schedule.session"),
    ("bot/domain/times/zones.py", "import bot.domain.travel.venue"),
    ("bot/app/messages.py", "import bot.app.ports"),
    ("bot/app/ports/store.py", "import bot.app.command_spec"),
    ("bot/app/text/format.py", "import bot.app.access"),
    ("bot/app/delivery/scheduler.py", "import bot.app.announcements.sender"),
    ("bot/app/schedules/replanning.py", "import bot.app.commands.walk"),
    ("bot/app/runtime/job_loop.py", "import bot.app.delivery.scheduler"),
    ("bot/app/access/identity.py", "import bot.app.delivery.scheduler"),
    ("bot/app/dispatcher/pipeline.py", "import bot.storage.unit_of_work"),
    ("bot/app/dispatcher/pipeline.py", "import aiohttp"),
    ("bot/app/runtime/job_loop.py", "import apscheduler"),
    ("bot/app/commands/walk.py", "import bot.app.commands.help"),
    ("bot/app/nudges/leave_by.py", "import bot.app.nudges.morning_brief"),
    ("bot/storage/unit_of_work.py", "import bot.sources"),
    ("bot/storage/unit_of_work.py", "import adapters.web"),
    ("bot/storage/mappers/people.py", "import bot.storage.repositories.people"),
    ("bot/storage/tables/people.py", "import bot.storage.bulk"),
    ("adapters/console/chat.py", "import bot.storage.unit_of_work"),
    ("adapters/console/chat.py", "import adapters.web"),
    ("adapters/web/server.py", "import sqlalchemy"),
    ("adapters/discord/components.py", "import adapters.slack.errors"),
    ("adapters/action_codec.py", "import adapters.discord.errors"),
    ("adapters/stray.py", "x = 1"),
    ("bot/stray.py", "x = 1"),
    ("bot/app/stray.py", "x = 1"),
    ("bot/domain/stray.py", "x = 1"),
    ("bot/storage/stray.py", "x = 1"),
]


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_layers_hold(copied: Path) -> None:
    done = linted(copied)
    assert done.returncode == 0, done.stdout


def test_a_line_in_a_file_is_seen(copied: Path) -> None:
    """What is planted below is planted among the imports that were read once: this one is read from a file."""
    file, line = VIOLATIONS[0]
    (copied / file).write_text(f"{(copied / file).read_text()}\n{line}\n")
    done = linted(copied)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout, done.stdout


@dataclass(frozen=True)
class Built(GraphBuilder):
    """The imports that import-linter is to look at."""

    graph: ImportGraph

    def build(self, *_: object, **__: object) -> ImportGraph:
        return self.graph


@pytest.fixture(scope="module")
def imports() -> ImportGraph:
    return build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def holds(imports: ImportGraph) -> bool:
    """Whether the contracts hold for these imports; import-linter prints which do not."""
    configure()
    settings.configure(GRAPH_BUILDER=Built(imports))
    return lint_imports(config_filename=str(ROOT / "pyproject.toml"))


def test_what_was_read_breaks_nothing(imports: ImportGraph) -> None:
    assert holds(imports)


@pytest.mark.parametrize(("file", "line"), VIOLATIONS)
def test_a_planted_violation_fails(
    imports: ImportGraph, capsys: pytest.CaptureFixture[str], file: str, line: str
) -> None:
    planted = deepcopy(imports)
    importer = file.removesuffix(".py").replace("/", ".")
    planted.add_module(importer)
    if line.startswith("import "):
        planted.add_import(importer=importer, imported=line.removeprefix("import "))
    assert not holds(planted)
    out = capsys.readouterr().out
    assert "BROKEN" in out or "not allowed" in out or "exhaustive" in out.lower(), out


def sources() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


@lru_cache(maxsize=1)
def nodes(text: str) -> tuple[ast.AST, ...]:
    """Read a file once for all scans."""
    return tuple(ast.walk(ast.parse(text)))


def clock_reads(name: str, text: str) -> list[str]:
    """`datetime.now(…)`, `date.today()`, `time.time()` anywhere but in `bot/timing`."""
    calls = [node.func for node in nodes(text) if isinstance(node, ast.Call)]
    read = [c for c in calls if isinstance(c, ast.Attribute) and c.attr in CLOCK and isinstance(c.value, ast.Name)]
    named = [f"{name}: {call.value.id}.{call.attr}" for call in read if isinstance(call.value, ast.Name)]
    found = [call for call in named if call.split(": ")[1].split(".")[0] in ("datetime", "date", "time")]
    return [] if name.startswith("bot/timing/") else found


def broad_excepts(name: str, text: str) -> list[str]:
    handlers = [node for node in nodes(text) if isinstance(node, ast.ExceptHandler)]
    broad = [
        h
        for h in handlers
        if h.type is None or (isinstance(h.type, ast.Name) and h.type.id in ("Exception", "BaseException"))
    ]
    return [] if name in MAY_CATCH_ALL else [f"{name}:{handler.lineno}" for handler in broad]


def too_long(name: str, text: str) -> list[str]:
    found = [name] if text.count("\n") > LINES and not name.startswith("migrations/versions") else []
    for node in nodes(text):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not name.startswith("migrations/versions"):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            found += [f"{name}: {node.name}"] if length > FUNCTION_LINES else []
    return found


def test_no_source_breaks_the_house_rules() -> None:
    scans = (clock_reads, broad_excepts, too_long)
    assert [fault for name, text in sources() for scan in scans for fault in scan(name, text)] == []


def test_the_scans_can_fail() -> None:
    assert clock_reads("bot/x.py", "from datetime import datetime\nx = datetime.now()") == ["bot/x.py: datetime.now"]
    assert clock_reads("bot/timing/x.py", "x = datetime.now()") == []
    assert broad_excepts("bot/x.py", "try:\n    pass\nexcept Exception:\n    pass") == ["bot/x.py:3"]
    assert too_long("bot/x.py", "x = 1\n" * 401) == ["bot/x.py"]
    assert too_long("bot/x.py", "def f():\n" + "    x = 1\n" * 81) == ["bot/x.py: f"]
