"""Plays a day at the sample conference and prints, as JSON, what the adapters hand to Discord and to Slack.

A picture has the line that somebody typed (None for a reminder), the time in seconds since the epoch, and the message
as `adapters.discord.render` and `adapters.slack.render` made it.
"""

import asyncio
import json
import logging
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from adapters.console import ChatSession, Message, MutedSink
from adapters.discord.render.message import render_message as discord_message
from adapters.slack.render.message import render_message as slack_message
from bot.app.messages import Reply, Request
from bot.cli.conversation import Conversation, Options, open_conversation
from bot.cli.demo import load_sample
from bot.sources import sample
from bot.timing.clock import RehearsalClock

ANNOUNCEMENT = '"The monorail is closed. Please walk, or take the shuttle at door 3." to going DOP301'
NEWS = (":as maya", "/news on", ":as jonas", "/news on", f":as {sample.USER}", "/news on")
"""People who agree to announcements."""
Picture = dict[str, Any]


@dataclass(slots=True)
class Reminders(MutedSink):
    """Keeps the reminders that come while the clock runs."""

    replies: list[Reply] = field(default_factory=list)

    def show(self, message: Message) -> None:
        """One reminder."""
        self.replies.append(message.content)


def picture(talk: Conversation, line: str | None, reply: Reply) -> Picture:
    """One message on both platforms."""
    discord, slack = discord_message(reply), slack_message(reply)
    view = discord.view
    return {
        "line": line,
        "now": talk.rehearsal.now().timestamp(),
        "discord": {
            "content": discord.content,
            "embeds": [embed.to_dict() for embed in discord.embeds],
            "components": view.to_components() if view else [],
        },
        "slack": {"text": slack.text, "blocks": list(slack.blocks)},
    }


async def typed(talk: Conversation, line: str, *, organizer: bool = False) -> Picture:
    """The answer to a command."""
    command, _, text = line.removeprefix("/").partition(" ")
    request = Request("console", sample.COMMUNITY, sample.USER, command, text, organizer=organizer)
    return picture(talk, line, await talk.rehearsal.handle(request))


async def played() -> dict[str, Picture]:
    """The pictures, by name."""
    with tempfile.TemporaryDirectory() as folder:
        clock = RehearsalClock(sample.EVE)
        url = f"sqlite:///{Path(folder) / 'day.db'}"
        async with open_conversation(url, Options(community=sample.COMMUNITY), clock) as talk:
            await load_sample(talk.application)
            talk.messenger.sink = MutedSink()
            eve = ChatSession(talk.rehearsal, MutedSink(), sample.COMMUNITY, sample.USER)
            for line in (*sample.story(), *NEWS):
                await eve.play(line)
            await talk.rehearsal.wait(sample.OPENS - clock.now())
            drawn = {"nextsession": await typed(talk, "/nextsession"), "agenda": await typed(talk, "/agenda")}
            drawn["announce"] = await typed(talk, f"/announce {ANNOUNCEMENT}", organizer=True)
            reminders = Reminders()
            talk.messenger.sink = reminders
            while not reminders.replies:
                await talk.rehearsal.wait(timedelta(minutes=1))
            drawn["leave-by"] = picture(talk, None, reminders.replies[0])
    return drawn


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    json.dump(asyncio.run(played()), sys.stdout, ensure_ascii=False, indent=1)
