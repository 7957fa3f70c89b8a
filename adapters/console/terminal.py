"""The conversation at a terminal: completion, history, and nudges above the prompt."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from adapters.console.chat import PLATFORM, ChatSession

READING = 9.0
"""Seconds of silence after which a rehearsed day goes on."""
MOST_COMPLETIONS = 40
STEERING = (":as ", ":organizer on", ":organizer off", ":at ", ":wait 30m", ":show", ":quit")


@dataclass(slots=True)
class WordsCompleter(Completer):
    """Completes commands after a slash, instructions to the rehearsal after a colon, otherwise codes and venues."""

    commands: Sequence[tuple[str, str]]
    words: Sequence[str]

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Return the possible completions of the text before the cursor."""
        del complete_event
        typed = document.text_before_cursor
        if typed.startswith(":"):
            yield from (Completion(turn, -len(typed)) for turn in STEERING if turn.startswith(typed))
        elif " " not in typed:
            for name, help_ in self.commands:
                if f"/{name}".startswith(typed):
                    yield Completion(f"/{name} ", -len(typed), display=f"/{name}", display_meta=help_)
        else:
            last = typed.split(" ")[-1]
            fitting = [word for word in self.words if last and word.casefold().startswith(last.casefold())]
            yield from (Completion(word, -len(last)) for word in fitting[:MOST_COMPLETIONS])


def history_in(folder: Path | None) -> History:
    """The history of typed lines, in a file that only its owner can read; in memory without a folder."""
    if folder is None:
        return InMemoryHistory()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "console-history"
    file.touch(mode=0o600)
    return FileHistory(str(file))


async def chat_at_terminal(
    chat: ChatSession,
    commands: Sequence[tuple[str, str]],
    history: Path | None,
    day_ends: datetime | None = None,
    closing_text: str = "",
) -> None:
    """Talk until `:quit` or end of file.

    With `day_ends`, the clock moves on to the next event whenever nobody types for a moment.
    """
    words = await chat.backend.words(PLATFORM, chat.tenant)
    session: PromptSession[str] = PromptSession(
        history=history_in(history),
        completer=WordsCompleter(commands, words),
        complete_while_typing=True,
        auto_suggest=AutoSuggestFromHistory(),
        bottom_toolbar=lambda: _toolbar(chat),
        refresh_interval=1.0,
    )
    touched = asyncio.Event()

    def silent() -> bool:
        return not session.app.current_buffer.text

    with patch_stdout(raw=True):
        pacing = asyncio.create_task(_pace(chat, silent, touched, day_ends, closing_text)) if day_ends else None
        try:
            await _talk(chat, session, touched)
        finally:
            if pacing:
                pacing.cancel()
                await asyncio.gather(pacing, return_exceptions=True)


async def _talk(chat: ChatSession, session: PromptSession[str], touched: asyncio.Event) -> None:
    while True:
        try:
            line = await session.prompt_async(f"{chat.user}> ")
        except EOFError:
            return
        except KeyboardInterrupt:
            continue
        touched.set()
        if not await chat.play(line):
            return


async def _pace(
    chat: ChatSession, silent: Callable[[], bool], touched: asyncio.Event, day_ends: datetime, closing_text: str
) -> None:
    """Move the clock on to the next event whenever nobody has typed for a while, until the day is over."""
    while (due := await chat.backend.next_due()) and due <= day_ends:
        if not await _stayed_silent(touched, silent):
            continue
        await _go_on(chat, due)
    chat.sink.note(closing_text)


async def _stayed_silent(touched: asyncio.Event, silent: Callable[[], bool]) -> bool:
    touched.clear()
    try:
        async with asyncio.timeout(READING):
            await touched.wait()
    except TimeoutError:
        return silent()
    return False


async def _go_on(chat: ChatSession, due: datetime) -> None:
    local = due.astimezone(ZoneInfo(chat.backend.zone))
    chat.sink.note(f"── {local:%A %H:%M} " + "─" * 30)
    await chat.backend.wait(max(due - chat.backend.now(), timedelta()))


def _toolbar(chat: ChatSession) -> HTML:
    local = chat.backend.now().astimezone(ZoneInfo(chat.backend.zone))
    text = "{time}  {user} in {tenant}{role}   /help   :wait 30m   :quit"
    role = ", organizer" if chat.organizer else ""
    return HTML(text).format(
        time=f"{local:%a} {local.day} {local:%b %H:%M}", user=chat.user, tenant=chat.tenant, role=role
    )
