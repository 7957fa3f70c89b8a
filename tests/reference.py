"""The tables of docs/reference, made from the declarations in the code."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any

import typer
from prometheus_client.metrics import MetricWrapperBase

from adapters.web import PrometheusMetrics
from bot import config
from bot.__main__ import app
from bot.app.command_spec import Access, Command
from bot.app.commands.help import GROUPS
from bot.app.registry import all_commands
from bot.config import Settings
from bot.sources import format_table
from bot.sources.field_map import FACTS


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in (head, *rows)]
    return "\n".join((lines[0], "|---" * len(head) + "|", *lines[1:]))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


# --- What is typed in a chat ---


def chat_commands() -> str:
    """Every command for attendees, in the groups of `/help`."""
    commands = all_commands()
    grouped = {name for names in GROUPS.values() for name in names}
    rest = tuple(
        name for name, command in commands.items() if command.access is Access.EVERYONE and name not in grouped
    )
    groups: Mapping[str, Sequence[str]] = {**GROUPS, "More": rest}
    return "\n\n".join(
        "\n\n".join((f"### {title}", *(_command(commands[name]) for name in names))) for title, names in groups.items()
    )


def organizer_commands() -> str:
    """Every command that only organizers may use."""
    return "\n\n".join(_command(command) for command in all_commands().values() if command.access is Access.ORGANIZERS)


def _command(command: Command) -> str:
    lines = [f"**`{command.usage}`**  ", f"{command.help}.", ""]
    for param in command.params:
        options = f" ({', '.join(map(_code, param.type.options))})" if param.type.options else ""
        lines.append(f"- `{param.name}`: {param.help.replace('*', chr(92) + '*')}{options}")
    if command.examples:
        lines += ["", f"Example: {' · '.join(map(_code, command.examples))}"]
    return "\n".join(lines).replace("\n\n\n", "\n\n").strip()


# --- What is typed in a terminal ---


def command_line() -> str:
    """Every subcommand of `hallway` with its arguments and options."""
    return "\n\n".join(_subcommands(typer.main.get_command(app), "hallway"))


def _subcommands(command: Any, path: str) -> Iterator[str]:
    below = getattr(command, "commands", {})
    context = command.make_context(path, [], resilient_parsing=True)
    rows = [
        (_code(_spelled(parameter)), parameter.help or "")
        for parameter in command.get_params(context)
        if parameter.name != "help"
    ]
    if path != "hallway":
        heading = f"### `{path}`\n\n{inspect.cleandoc(command.help or '')}"
        yield f"{heading}\n\n{_table(('argument or option', 'meaning'), iter(rows))}" if rows else heading
    for name, subcommand in below.items():
        yield from _subcommands(subcommand, f"{path} {name}")


def _spelled(param: Any) -> str:
    return ", ".join(param.opts) if param.param_type_name == "option" else param.metavar or param.name


# --- What operators set and see ---


def settings() -> str:
    """Every environment variable, with its default and the docstring that stands below it in bot/config.py."""
    (settings_class,) = (
        node
        for node in ast.parse(inspect.getsource(config)).body
        if isinstance(node, ast.ClassDef) and node.name == Settings.__name__
    )
    about = {}
    for node, following in zip(settings_class.body, settings_class.body[1:], strict=False):
        match node, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                about[name] = " ".join(text.split())
    rows = ((f"`HALLWAY_{name.upper()}`", _default(name), about[name]) for name in Settings.model_fields)
    return _table(("variable", "default", "meaning"), rows)


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    if field.default_factory is not None:
        return "SQLite in the user's data folder"
    return _code(str(field.default)) if field.default not in {None, ""} else ""


def metric_objects(metrics: PrometheusMetrics) -> list[MetricWrapperBase]:
    """The metrics in the order of their declaration."""
    values = (getattr(metrics, field.name) for field in fields(metrics))
    return [value for value in values if isinstance(value, MetricWrapperBase)]


def metrics() -> str:
    """Every metric that /metrics exposes."""
    rows = (
        (
            _code(f"{family.name}_total" if family.type == "counter" else family.name),
            family.type,
            ", ".join(metric._labelnames),
            family.documentation,
        )
        for metric in metric_objects(PrometheusMetrics())
        for family in metric.collect()
    )
    return _table(("metric", "type", "labels", "meaning"), rows)


# --- What can be imported ---


def mapping_facts() -> str:
    """The facts that a mapping may name."""
    return ", ".join(map(_code, FACTS)) + "."


TABLES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "chat-commands": chat_commands,
        "organizer-commands": organizer_commands,
        "command-line": command_line,
        "settings": settings,
        "metrics": metrics,
        "formats": format_table.markdown,
        "mapping-facts": mapping_facts,
    }
)
