"""Every sentence that a person reads in chat is a template that Babel finds, in plain words."""

import ast
import importlib
import io
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_python

import bot.__main__
import bot.cli
from bot.app.command_spec import Command
from bot.app.messages import Strong
from bot.app.registry import all_commands
from bot.app.text import error_text, n, plain, s, t
from bot.domain.errors import BadInputError, HallwayError


def subclasses(of: type[HallwayError]) -> Iterator[type[HallwayError]]:
    """All subclasses that are defined anywhere in the program."""
    for found in of.__subclasses__():
        yield found
        yield from subclasses(found)


for module in pkgutil.iter_modules(bot.cli.__path__, "bot.cli."):
    importlib.import_module(module.name)  # so that every error is defined

APP = Path(__file__).parents[2] / "bot" / "app"
DOMAIN = APP.parent / "domain"
FILES = [path for path in sorted(APP.rglob("*.py")) if path.name != "catalog.py"]
ERRORS = [
    path for path in sorted(DOMAIN.rglob("*.py")) if "BadInputError(" in path.read_text() and path.name != "errors.py"
]
BELOW = [path for folder in (APP.parent / "sources", DOMAIN / "imports") for path in sorted(folder.rglob("*.py"))]
"""Files that read schedules: their remarks and errors reach organizers, and they lie below the catalogue or beside it."""
LOGS = {"logs.py", "repeats.py"}
"""Write log lines, which have no catalogue: each is a constant event with its facts."""
CLI = [
    Path(bot.__main__.__file__),
    *(path for path in sorted((APP.parent / "cli").glob("*.py")) if path.name not in LOGS),
]
KEYWORDS = {"t": None, "s": None, "n": (1, 2), "Command": (2,), "StaticCommand": (2,), "Param": (3,)}
IN_DOMAIN = {"BadInputError": None}
BELOW_KEYWORDS = {"phrase": None, "remark": (2,)}
"""Of what lies below the catalogue; each error that people read takes a template, too."""
SHOWN = {"Reply", "Card", "Field", "Button", "sentence", "lines", "listed", "BadInputError", "UnclearError"}
FORBIDDEN = re.compile(
    r"\b(owed|held|settled|set aside|your way|ways between|nudged?|told|who (goes|refuses|manages|asks)|whoever|"
    r"taken in|a draft,|is none|no longer listed|where you start, /|we)\b",
    re.IGNORECASE,
)
READ_ERRORS = {"HallwayError", *(error.__name__ for error in subclasses(HallwayError))}
SENTENCE = re.compile(r"[a-z]{2,}[.,:;!?]? +[a-z]|[A-Z][a-z]+ +[a-z]{2,}")


def extracted(source: str, keywords: Mapping[str, Any] = KEYWORDS) -> Iterator[str]:
    for _, _, messages, _ in extract_python(io.BytesIO(source.encode()), keywords, (), {"encoding": "utf-8"}):
        yield from filter(None, messages if isinstance(messages, tuple) else (messages,))


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def templates(source: str) -> Iterator[str]:
    """The literal templates of the calls of `t`, `s` and `n`; fails on a template that is no literal."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and called(node) in ("t", "s", "n"):
            for argument in node.args[: 2 if called(node) == "n" else 1]:
                assert isinstance(argument, ast.Constant), ast.unparse(node)
                assert isinstance(argument.value, str)
                yield argument.value


def literals(node: ast.AST) -> Iterator[str]:
    """The literals in an expression; not those inside other calls, which are looked at by themselves."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        elif not isinstance(child, (ast.Call, ast.Dict, ast.keyword)):
            yield from literals(child)


def bypassing(source: str) -> list[str]:
    """The sentences that are shown and are no templates."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and called(node) in SHOWN)
    return [text for call in calls for text in literals(call) if SENTENCE.search(text)]


def by_file(paths: Iterable[Path], find: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """What `find` finds in the sources, for each file where it finds something."""
    found = {str(path.relative_to(APP.parent)): list(find(path.read_text())) for path in paths}
    return {name: texts for name, texts in found.items() if texts}


def not_extracted(source: str) -> Iterable[str]:
    return {template for template in templates(source) if template} - set(extracted(source))


def test_babel_finds_every_template() -> None:
    assert by_file(FILES, not_extracted) == {}


@pytest.mark.parametrize("path", ERRORS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_babel_finds_the_template_of_every_input_error_of_the_domain(path: Path) -> None:
    source = path.read_text()
    calls = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and called(node) == "BadInputError"
    ]
    found = list(extracted(source, IN_DOMAIN))
    assert calls
    for call in calls:
        (template,) = call.args
        assert isinstance(template, ast.Constant), ast.unparse(call)
        assert template.value in found


@pytest.mark.parametrize("command", all_commands().values(), ids=lambda command: command.name)
def test_babel_finds_the_help_of_every_command_and_parameter(command: Command) -> None:
    # `import` is a word of Python, so its module is called `import_`.
    (module,) = (path for path in FILES if path.parent == APP / "commands" and path.stem.rstrip("_") == command.name)
    shared = [APP / "command_spec" / "announcement.py", *(APP / "editing").glob("*.py")]
    found = {text for path in (module, *shared) for text in extracted(path.read_text())}
    assert {command.help, *(param.help for param in command.params if param.help)} <= found


def is_error(name: str) -> bool:
    """Whether it is an error that people read: those of Python and of libraries have other names."""
    return name in READ_ERRORS


def composed(source: str, *, everywhere: bool) -> list[str]:
    """The sentences that are put together from pieces, so that nobody can translate them.

    Args:
        source: of a module.
        everywhere: look at all strings; else only at what errors are made of.
    """
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and is_error(called(node))]
    strings = (
        ast.walk(tree) if everywhere else (child for call in calls for arg in call.args for child in ast.walk(arg))
    )
    found = []
    for node in strings:
        if isinstance(node, ast.JoinedStr):
            pieces = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            text = "".join(str(piece) for piece in pieces)
            found += [text] if SENTENCE.search(text) else []
    return found


def test_no_sentence_about_a_file_or_of_the_command_line_is_put_together_from_pieces() -> None:
    assert by_file([*BELOW, *CLI], partial(composed, everywhere=True)) == {}


TEMPLATES = {"phrase", "remark", "t", "s", "n"}
TYPER = {"Option", "Argument", "Typer"}
"""The help texts of the command line, in a golden file."""
LOGGED = {"debug", "info", "warning", "error", "exception"}
NOT_SHOWN = {"text", "removesuffix"}
"""SQL, and the end of a sentence that is cut off."""


def unmarked(source: str) -> list[str]:
    """The literal sentences of the command line that are no templates, no help, no docstrings and no log events."""

    def within(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        name = called(node) if isinstance(node, ast.Call) else ""
        marked = name in TEMPLATES | TYPER | LOGGED | NOT_SHOWN or name.endswith("Error")
        for child in ast.iter_child_nodes(node):
            value = child.value if isinstance(child, ast.keyword) and name in TYPER | LOGGED else child
            if isinstance(value, ast.Constant) and (marked or isinstance(node, ast.Expr)):
                continue  # the template, or a docstring
            yield from within(value)

    return [text for text in within(ast.parse(source)) if SENTENCE.search(text)]


def test_every_sentence_of_the_command_line_is_a_template() -> None:
    assert by_file(CLI, unmarked) == {}


def test_babel_finds_the_template_of_every_remark_and_error() -> None:
    for path in (*BELOW, *CLI):
        source = path.read_text()
        found = set(extracted(source, {**BELOW_KEYWORDS, **dict.fromkeys(READ_ERRORS)}))
        for node in ast.walk(ast.parse(source)):
            name = called(node) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and (name in BELOW_KEYWORDS or (is_error(name) and node.keywords)):
                template = node.args[1 if name == "remark" else 0]
                if path.name == "draft.py" and isinstance(template, ast.Name):
                    continue  # the body of `remark` itself
                assert isinstance(template, ast.Constant), f"{path}: {ast.unparse(node)}"
                assert template.value in found, path


def test_a_planted_sentence_of_pieces_is_found() -> None:
    assert composed('raise FetchError(f"{host} is out of order: try again later.")', everywhere=False)
    assert composed('message = f"{name} is empty: export it again."', everywhere=True)
    assert composed('print(f"Requeued {again} and dropped {late}.")', everywhere=True)


@pytest.mark.parametrize(
    "line",
    ['print("No failed deliveries.")', 'return "" or "No failed deliveries."', 'TEXT = "No failed deliveries."'],
)
def test_a_planted_line_of_the_command_line_is_found(line: str) -> None:
    assert unmarked(line)
    assert not unmarked(line.replace('"No failed deliveries."', 'phrase("No failed deliveries.")'))


def test_no_sentence_bypasses_the_catalog() -> None:
    assert by_file(FILES, bypassing) == {}


@pytest.mark.parametrize(
    "line",
    [
        'Reply((sentence("Nothing is running here."),))',
        'Reply((("Nothing is running here.",),))',
        'raise BadInputError(f"I know no {name} here.")',
        'Button("Put it back", "attend")',
        'Card("What it means")',
        'Field("Quiet hours", x)',
    ],
)
def test_a_planted_sentence_is_found(line: str) -> None:
    assert bypassing(line)


def inside(source: str) -> list[str]:
    keywords = {**KEYWORDS, **BELOW_KEYWORDS, **dict.fromkeys(READ_ERRORS)}
    texts = (re.sub(r"\{[^}]*\}", "", text) for text in extracted(source, keywords))
    return [text for text in texts if FORBIDDEN.search(text)]


def test_no_text_uses_words_of_the_inside() -> None:
    assert by_file([*FILES, *BELOW, *CLI], inside) == {}


def test_a_planted_word_of_the_inside_is_found() -> None:
    assert FORBIDDEN.search("You are owed 7 nudges.")
    assert FORBIDDEN.search("Paused: 3 are held.")


def test_placeholders_take_neutral_parts_and_texts_whole() -> None:
    assert t("Leave {place} now.", place="{room}") == ("Leave {room} now.",)
    assert t("{name}: {text}!", name=Strong("A"), text=("b", Strong("c"))) == (Strong("A"), ": b", Strong("c"), "!")
    assert n("{count} step", "{count} steps", 1) == ("1 step",)
    assert n("{count} step", "{count} steps", 1200) == ("1,200 steps",)
    assert (t("{nothing}", nothing=""), s("{a} b", a=1)) == ((), "1 b")


def test_an_error_of_the_domain_is_rendered_from_its_template_and_braces_of_others_stay() -> None:
    error = BadInputError("{text} is not a day: type one such as {day}.", text="'{day}'", day="tuesday")
    assert str(error) == "'{day}' is not a day: type one such as tuesday."
    assert error_text(error) == t(error.template, **error.values) == (str(error),)
    assert error_text(BadInputError("I know no {room}.")) == ("I know no {room}.",)
    assert error_text(HallwayError("the token is wrong")) == ("the token is wrong",)


def test_a_missing_value_and_a_neutral_part_in_a_plain_string_are_errors() -> None:
    with pytest.raises(KeyError):
        t("{place}")
    with pytest.raises(TypeError):
        plain((Strong("A"),))
