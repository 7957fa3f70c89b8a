"""What the contract suites need of the platforms."""

from tests.adapters.discord.conftest import discord_app, line, peer, spec
from tests.adapters.slack.harness import slack_app_fixture, slack_fixture

__all__ = ["discord_app", "line", "peer", "slack_app_fixture", "slack_fixture", "spec"]
