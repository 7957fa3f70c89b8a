"""What the contract suites need of the platforms."""

from tests.adapters.discord.conftest import line, peer, spec, stage
from tests.adapters.slack.stage import scene_fixture, slack_fixture

__all__ = ["line", "peer", "scene_fixture", "slack_fixture", "spec", "stage"]
