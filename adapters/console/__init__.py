"""The console platform, for chatting in a terminal and for rehearsals."""

from adapters.console.chat import ChatSession, chat_piped
from adapters.console.messages import Message
from adapters.console.messenger import ConsoleMessenger
from adapters.console.output import JsonSink, MutedSink, Sink, TextSink
from adapters.console.render import TerminalStyle

__all__ = [
    "ChatSession",
    "ConsoleMessenger",
    "JsonSink",
    "Message",
    "MutedSink",
    "Sink",
    "TerminalStyle",
    "TextSink",
    "chat_piped",
]
