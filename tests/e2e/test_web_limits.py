"""`hallway run` with few descriptors, while somebody opens more connections than it may have."""

import asyncio
import resource
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.hallway import Hallway
from tests.e2e.test_watching import asked, serving

DESCRIPTORS, CONNECTIONS = 1_024, 1_100


@dataclass(frozen=True)
class Confined(Hallway):
    """Started with a limit of open files that it cannot raise."""

    def command(self, *arguments: str) -> list[str]:
        return ["sh", "-c", f'ulimit -n {DESCRIPTORS} && exec "$@"', "sh", *super().command(*arguments)]


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """The test itself holds the other ends of the connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * CONNECTIONS:
        pytest.skip("this machine allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * CONNECTIONS), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.slow
async def test_health_is_answered_and_the_log_stays_small_while_1100_connections_are_idle(
    hallway: Hallway, many_descriptors: None
) -> None:
    async with serving(Confined(hallway.home, starts_python=True)) as (_, port, written):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CONNECTIONS)]
        answers = [await asked(port, path) for path in ("/healthz", "/readyz", "/metrics") * 3]
        assert [status for status, _ in answers] == [200] * 9
        assert 'hallway_refused_total{reason="connections"}' in answers[-1][1]
        for _, writer in held:
            writer.close()
    assert len(written) < 60, written[:60]
