"""What the process imports from which children are forked.

Nothing of it starts a thread: a forked process would not have it.
"""

import gc

import aiosqlite
import alembic.command

import adapters.slack.platform
import adapters.web.site
import bot.cli.backup
import bot.cli.conversation
import bot.cli.demo
import bot.cli.doctor
import bot.cli.import_
import bot.cli.serve
import bot.cli.slack
import tests.crash_points
import tests.support.forked
import tests.support.patient
from bot.app import registry

__all__ = ["adapters", "aiosqlite", "alembic", "bot", "tests"]
registry.all_commands()
registry.all_nudges()

# A child that looks for garbage in all that would copy it.
gc.collect()
gc.freeze()
