"""What every test of Slack may ask for."""

from tests.adapters.slack.stage import scene_fixture, slack_fixture

__all__ = ["scene_fixture", "slack_fixture"]
