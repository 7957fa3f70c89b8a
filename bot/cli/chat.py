"""`hallway chat`: the console platform on the configured database."""

from dataclasses import replace

from bot.cli.conversation import Options, clock_for, converse, is_terminal, open_conversation
from bot.config import Settings, data_folder
from bot.domain.phrases import phrase

GREETING = phrase("Hallway. Type /nextsession, or /help for all commands; :quit ends.")


async def chat(settings: Settings, options: Options) -> None:
    """Run a conversation about the conferences in the configured database."""
    database = settings.database_url.get_secret_value()
    options = replace(options, feed_hosts=settings.feed_hosts)
    async with open_conversation(database, options, clock_for(options, "UTC")) as conversation:
        if is_terminal() and not options.json:
            conversation.session.sink.note(GREETING + "\n")
        await converse(conversation, data_folder())
