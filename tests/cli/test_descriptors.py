"""The descriptors of a process: as many as the system allows, and enough left beside the connections."""

import json
import subprocess
import sys

import pytest

from bot.cli.descriptors import most_connections

SCRIPT = """
import json, resource, sys
from bot.cli.descriptors import raise_descriptor_limit
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(json.dumps([raise_descriptor_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE)]))
"""


@pytest.mark.parametrize(("soft", "hard", "raised"), [(256, 1_024, 1_024), (512, 512, 512)])
def test_the_soft_limit_is_raised_to_the_hard_one(soft: int, hard: int, raised: int) -> None:
    command = [sys.executable, "-c", SCRIPT, str(soft), str(hard)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert found == [raised, raised, hard]


@pytest.mark.parametrize(
    ("descriptors", "connections"), [(65_536, 1_000), (4_096, 1_000), (1_024, 384), (512, 128), (256, 16), (64, 16)]
)
def test_connections_leave_descriptors_for_everything_else(descriptors: int, connections: int) -> None:
    assert most_connections(descriptors) == connections
