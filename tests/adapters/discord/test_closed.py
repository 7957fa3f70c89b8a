"""What still comes in when a client is closed."""

import gc

from tests.adapters.discord.conftest import DiscordHarness


async def test_an_event_after_the_close_starts_nothing(discord_app: DiscordHarness) -> None:
    client = discord_app.platform.messenger.client()
    assert client is not None
    await client.close()
    # Without its loop discord.py leaves a coroutine that is never awaited, and its warning fails the next test.
    client.dispatch("resumed")
    gc.collect()
