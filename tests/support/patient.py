"""`python -m bot` with minutes where it gives itself seconds, so that tests hold on a busy machine too.

What the seconds are for has tests of its own: `tests/cli/test_shutdown.py` and `tests/e2e/test_stopping.py` for the end of
a process, `tests/adapters/discord` for answers that are announced as slow.
"""

import os
from functools import partial

from bot.__main__ import main
from bot.cli import shutdown

LONG = 100.0


def lengthen() -> None:
    """Give the process its minutes to end, and each answer on Discord, which needs no announcement then."""
    vars(shutdown).update(ORDERLY=LONG, CUTTING_SHORT=LONG, LAST_RESORT=3 * LONG)
    if "HALLWAY_DISCORD_TOKEN" in os.environ:
        from adapters import discord

        vars(discord).update(DiscordPlatform=partial(discord.DiscordPlatform, patience=LONG))


if __name__ == "__main__":
    lengthen()
    main()
