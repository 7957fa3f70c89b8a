"""The rival on Slack: a command that echoes its text, as Bolt's own examples do it."""

import sys
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.fake_slack import SECRET, TOKEN


def echo(port: int, api: str) -> None:
    """Serve on the port until stopped."""
    app = AsyncApp(client=AsyncWebClient(TOKEN, base_url=api), signing_secret=SECRET)

    @app.command("/echo")
    async def echo_(ack: AsyncAck, command: dict[str, Any]) -> None:
        """Answer."""
        await ack(command["text"])

    app.start(port=port, path="/slack/events", host="127.0.0.1")


if __name__ == "__main__":
    echo(int(sys.argv[1]), sys.argv[2])
