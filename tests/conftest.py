"""What every test may ask for."""

import gc
import os
import signal
from collections.abc import AsyncIterator, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.app.ports import Store
from tests.fakes.app_harness import AppHarness
from tests.stores import KINDS, new_store
from tests.support.postgresql import folder_of_run, server_of_run

settings.register_profile(
    "hallway", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("hallway")

# By default an error is drawn with everything that its functions know: with a whole schedule that takes half a minute.
PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], PLAIN])

ROOT = Path(__file__).parent.parent
COUNTED = "COVERAGE_PROCESS_CONFIG"
"""The variable by which coverage counts the lines of child processes."""

# What is imported stays until the end: looking through it again and again takes a third of the collection.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, and not among the modules and the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is begun first, so that at the end nobody waits for one test."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Let no loop of a test handle Ctrl-C itself.

    asyncio sets and resets a handler for each fixture and test, unless somebody else has set one. Each time Python's
    `signal` writes the handler as text, and with it all that the fixture made: a tenth of a second for a platform.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool | None, bool | None]:
    """Counting lines takes a process half as long again: those of slow tests are not counted."""
    counted = os.environ.pop(COUNTED, None) if item.get_closest_marker("slow") else None
    try:
        return (yield)
    finally:
        if counted is not None:
            os.environ[COUNTED] = counted


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real schedules and venues, which lie beside the project where it is developed."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real schedules are not here: they are not part of the project")
    return folder


@pytest.fixture(scope="session")
def shared_faults() -> Path:
    """Small files that once failed, which lie beside the project where it is developed."""
    folder = ROOT.parent / "shared" / "faults" / "inputs"
    if not folder.is_dir():
        pytest.skip("the files that failed are not here: they are not part of the project")
    return folder


SERVER = pytest.StashKey[Path]()


def _server_folder(config: pytest.Config) -> Path:
    """Where the PostgreSQL server of this run lies; it goes with the run."""
    if SERVER not in config.stash:
        run = ExitStack()
        config.stash[SERVER] = run.enter_context(folder_of_run())
        config.add_cleanup(run.close)
    return config.stash[SERVER]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each process of pytest-xdist where their common server lies."""
    node.workerinput["server"] = str(_server_folder(node.config))


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> str:
    """The URL of a real PostgreSQL server, which all processes of the run have in common."""
    folder: str | None = getattr(pytestconfig, "workerinput", {}).get("server")
    return server_of_run(Path(folder) if folder else _server_folder(pytestconfig))


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store: the test runs on each kind."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else ""
    async with new_store(request.param, tmp_path, server) as made:
        yield made


@pytest.fixture
async def app() -> AppHarness:
    """A conference to talk to, on Monday at 08:00."""
    return await AppHarness().publish()
