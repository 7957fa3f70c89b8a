"""A command starts quickly: it does not import what only other commands use."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONVERSATION = """
import asyncio, sys
from bot.cli.chat import chat
from bot.cli.conversation import Options
from bot.config import Settings
asyncio.run(chat(Settings(database_url=sys.argv[1]), Options(at="2021-11-29T08:00Z")))
print(*sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[2:])), file=sys.stderr)
"""
SLOW = ("aiohttp", "alembic", "apscheduler", "discord", "openpyxl", "prompt_toolkit", "slack_bolt", "slack_sdk")


def test_a_conversation_on_the_newest_schema_imports_neither_platforms_nor_alembic(migrated: str) -> None:
    command = [sys.executable, "-c", CONVERSATION, migrated, *SLOW]
    done = subprocess.run(command, cwd=ROOT, input="/help\n", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "\n")
    assert "/nextsession" in done.stdout
