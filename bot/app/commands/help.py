"""`/help [command]`: seven commands, which fit one screen of a phone; the others after "more"."""

from bot.app.command_spec import (
    Access,
    Call,
    Command,
    Option,
    Param,
    ParamType,
    Requirement,
    StaticCommand,
    StaticContext,
    UnclearError,
)
from bot.app.messages import Button, Card, Reply, Text, Typed
from bot.app.text import s, t

GROUPS = {
    s("What's on"): ("nextsession", "now", "find", "session", "info"),
    s("Your plan"): ("attend", "star", "block", "import", "skip", "agenda", "later", "recap"),
    s("Messages and people"): ("nudges", "news", "whosgoing"),
    s("Getting there"): ("walk", "hotel", "here", "onmyway", "pace"),
    s("About you"): ("timezone", "privacy", "community", "mydata", "forgetme"),
}
FIRST = ("nextsession", "find", "attend", "agenda", "hotel", "here", "nudges")
"""The commands that a newcomer needs on the first day."""
NOT_LISTED = frozenset({"info"})
"""Commands that may have nothing to show yet; they are offered where there is something."""
MORE = "more"
ORGANIZERS = ("organizers", "organiser", "organisers")
"""Words for the commands that only organizers may use."""


def read_command(text: str, context: StaticContext) -> Command | str | tuple[str, ...]:
    """A command by its name, with or without the slash, or the word `more`, or `ORGANIZERS`."""
    name = text.strip().removeprefix("/").casefold()
    if name == MORE:
        return MORE
    if name in ORGANIZERS:
        return ORGANIZERS
    if command := context.commands.get(name):
        return command
    near = [other for other in context.commands if other.startswith(name[:2])]
    message = s('There is no command "{text}". See them all with /help.', text=text)
    raise UnclearError(message, [Option(f"/{other}", other) for other in near])


def suggested(typed: str, context: StaticContext) -> list[Option]:
    """The commands open to everyone whose names begin with the typed text."""
    begun = typed.strip().removeprefix("/").casefold()
    open_to_all = (name for name, command in context.commands.items() if command.access is Access.EVERYONE)
    commands = [Option(f"/{name}", name) for name in open_to_all if name.startswith(begun)]
    return [*commands, Option(s("more commands"), MORE)] if MORE.startswith(begun) else commands


WHICH = Param("command", ParamType("command", read_command, suggest=suggested), "the command to explain, or more")


async def handle(call: Call, context: StaticContext) -> Reply:
    """Show the first commands, the others in groups, or one command with its parameters and examples."""
    asked = call.get(WHICH)
    if isinstance(asked, Command):
        return Reply(cards=(_in_full(asked),))
    if asked is ORGANIZERS:
        return _for_organizers(context)
    return _others(call, context) if asked else _first(context)


def _first(context: StaticContext) -> Reply:
    first = [context.commands[name] for name in FIRST if name in context.commands]
    head = t("What you need most. To read about one of them: {example}", example=Typed("/help attend"))
    rows = tuple((Typed(_needed(command)), f"  {command.help}") for command in first)
    return Reply((head,), (Card(s("Commands"), rows),), (Button(s("More"), "help", {"command": MORE}),))


def _needed(command: Command) -> str:
    """Return the command with its required parameters, such as `/attend code`."""
    return " ".join((f"/{command.name}", *(param.name for param in command.params if param.required)))


def _for_organizers(context: StaticContext) -> Reply:
    """Return the commands of organizers, also for other people, because the commands are not secret."""
    commands = [command for command in context.commands.values() if command.access is Access.ORGANIZERS]
    head = t("To read about one of them: {example}", example=Typed("/help announce"))
    return Reply((head,), (_group(s("For organizers"), commands),))


def _others(call: Call, context: StaticContext) -> Reply:
    usable = {
        name: command
        for name, command in context.commands.items()
        if name not in FIRST and (call.request.organizer or _is_for_all(command))
    }
    grouped = {name for names in GROUPS.values() for name in names}
    more = [name for name in usable if name not in grouped]
    organizers = tuple(name for name in more if usable[name].access is Access.ORGANIZERS)
    others = tuple(name for name in more if name not in organizers)
    groups = {**GROUPS, s("More"): others, s("For organizers"): organizers}
    cards = (_group(title, [usable[name] for name in names if name in usable]) for title, names in groups.items())
    head = t("More commands. To read about one of them: {example}", example=Typed("/help recap"))
    return Reply((head,), tuple(card for card in cards if card.lines))


def _is_for_all(command: Command) -> bool:
    return command.access is Access.EVERYONE and command.name not in NOT_LISTED


def _group(title: str, commands: list[Command]) -> Card:
    return Card(title, tuple((Typed(command.usage), f"  {command.help}") for command in commands))


def _in_full(command: Command) -> Card:
    lines: list[Text] = [(Typed(command.usage),)]
    lines += [(f"{param.name}: {param.help}{_options(param)}",) for param in command.params]
    lines += [t("Example: {line}", line=Typed(example)) for example in command.examples]
    return Card(command.help, tuple(lines))


def _options(param: Param[object]) -> str:
    return f" ({', '.join(param.type.options)})" if param.type.options else ""


COMMAND = StaticCommand(
    "help",
    "The commands, or how to use one",
    handle,
    (WHICH,),
    requires=Requirement.NOTHING,
    examples=("/help", "/help more", "/help attend"),
)
