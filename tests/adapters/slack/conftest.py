"""What every test of Slack may ask for."""

from tests.adapters.slack.harness import slack_app_fixture, slack_fixture

__all__ = ["slack_app_fixture", "slack_fixture"]
