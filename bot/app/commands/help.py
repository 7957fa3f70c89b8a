"""`/help [command]`: the commands, in lines short enough for a phone."""

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
from bot.app.messages import Card, Reply, Text, Typed
from bot.app.text import s, t

GROUPS = {
    s("What's on"): ("nextsession", "now", "find", "session", "info"),
    s("Your plan"): ("attend", "skip", "agenda", "recap", "whosgoing", "nudges", "news"),
    s("Getting there"): ("walk", "hotel", "here", "onmyway", "pace"),
    s("About you"): ("timezone", "privacy", "community", "mydata", "forgetme"),
}


def read_command(text: str, context: StaticContext) -> Command:
    """A command by its name, with or without the slash."""
    name = text.strip().removeprefix("/").casefold()
    if command := context.commands.get(name):
        return command
    near = [known for known in context.commands if known.startswith(name[:2])]
    message = s('There is no command "{text}". See them all with /help.', text=text)
    raise UnclearError(message, [Option(f"/{known}", known) for known in near])


def suggested(typed: str, context: StaticContext) -> list[Option]:
    """The commands open to everyone whose names begin with the typed text."""
    begun = typed.strip().removeprefix("/").casefold()
    open_to_all = (name for name, command in context.commands.items() if command.access is Access.EVERYONE)
    return [Option(f"/{name}", name) for name in open_to_all if name.startswith(begun)]


WHICH = Param("command", ParamType("command", read_command, suggest=suggested), "the command to explain")


async def handle(call: Call, context: StaticContext) -> Reply:
    """All commands in groups, or one command with its parameters and examples."""
    if command := call.get(WHICH):
        return Reply(cards=(_in_full(command),))
    usable = {
        name: command
        for name, command in context.commands.items()
        if call.request.organizer or command.access is Access.EVERYONE
    }
    grouped = {name for names in GROUPS.values() for name in names}
    more = [name for name in usable if name not in grouped]
    organizers = tuple(name for name in more if usable[name].access is Access.ORGANIZERS)
    others = tuple(name for name in more if name not in organizers)
    groups = {**GROUPS, s("More"): others, s("For organizers"): organizers}
    cards = (_group(title, [usable[name] for name in names if name in usable]) for title, names in groups.items())
    start = t(
        "Start with {start}. For more about a command: {more}", start=Typed("/nextsession"), more=Typed("/help attend")
    )
    return Reply((start,), tuple(card for card in cards if card.lines))


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
    "All commands, or how to use one",
    handle,
    (WHICH,),
    requires=Requirement.NOTHING,
    examples=("/help attend",),
)
