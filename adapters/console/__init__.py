"""The console platform: as good a place to chat as the others, and the stage of rehearsals."""

from adapters.console.chat import Stage, chat_piped
from adapters.console.messages import Message
from adapters.console.messenger import ConsoleMessenger
from adapters.console.render import Look
from adapters.console.sinks import JsonSink, MutedSink, Sink, TextSink

__all__ = [
    "ConsoleMessenger",
    "JsonSink",
    "Look",
    "Message",
    "MutedSink",
    "Sink",
    "Stage",
    "TextSink",
    "chat_piped",
]
