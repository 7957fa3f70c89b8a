"""From neutral messages to Slack's mrkdwn and blocks; pure."""
