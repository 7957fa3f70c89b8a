"""The replies to plain words that name no single command."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.app.command_spec import StaticContext
from bot.app.messages import Button, Reply, Request, Typed
from bot.app.plain_words import Meaning
from bot.app.text import s, shortened, t
from bot.domain.attendee.attendee import Attendee
from bot.domain.times.zones import day_of

MAX_QUOTED = 60
MAX_LABEL = 75
"""Characters of a button's label, as Slack limits them."""
MAX_CODE = 12
"""Characters of a session's code that is short enough for an example."""


def typed_command(request: Request) -> Request | None:
    """`/agenda tomorrow`, written as a message: the command; None for other words."""
    if not request.line.startswith("/"):
        return None
    name, _, rest = request.line.removeprefix("/").partition(" ")
    return replace(request, command=name.casefold(), line=rest.strip())


def with_start(meaning: Meaning, attendee: Attendee | None, context: StaticContext) -> Mapping[str, str]:
    """The arguments; of "how far is the Wynn?" also the start: where the attendee was last today, or else the hotel."""
    if attendee is None or meaning.command != "walk" or "from" in meaning.arguments:
        return meaning.arguments
    here = attendee.here
    is_today = here is not None and day_of(here.at, context.schedule.conference.tz) == context.today
    start = here.venue if here and is_today else attendee.stay
    is_known = start is not None and context.schedule.travel.book.named(start) is not None
    return {"from": start, **meaning.arguments} if start and is_known else meaning.arguments


def which_one(meanings: Sequence[Meaning]) -> Reply:
    """Ask which command is meant, with a button for each."""
    buttons = [Button("", meaning.command, meaning.arguments) for meaning in meanings]
    named = tuple(replace(button, label=shortened(button.line, MAX_LABEL)) for button in buttons)
    return Reply((t("I'm not sure what you mean. Is it one of these?"),), buttons=named)


def greeting(context: StaticContext) -> Reply:
    """Say hello, and what can be asked."""
    first, second, third = _examples(context)
    text = t(
        "Hello! Ask me, for example: {first}, {second} or {third}. All commands: {help}",
        first=first,
        second=second,
        third=third,
        help=Typed("help"),
    )
    return Reply((text,))


def not_understood(line: str, context: StaticContext) -> Reply:
    """Say that a line was not understood, and what can be asked."""
    first, second, third = _examples(context)
    text = t(
        'I did not understand "{text}". Try: {first}, {second} or {third}. All commands: {help}',
        text=shortened(" ".join(line.split()), MAX_QUOTED),
        first=first,
        second=second,
        third=third,
        help=Typed("help"),
    )
    return Reply((text,), is_error=True)


def _examples(context: StaticContext) -> tuple[Typed, Typed, Typed]:
    """Three questions that work here."""
    coming = next(iter(context.schedule.starting_after(context.now)), None)
    if coming is None or len(coming.code) > MAX_CODE or coming.code.isdecimal():
        where = s("what's on now")
    else:
        where = s("where is {code}", code=coming.code)
    return Typed(s("what's next")), Typed(where), Typed(s("my agenda tomorrow"))
