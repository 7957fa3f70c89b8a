"""The documents of the project, and the parts of them that are generated from the code.

A generated part begins with a comment such as `<!-- table metrics -->`. The tests compare it with what the code says;
with HALLWAY_UPDATE_GOLDEN=1 (`make reference`) they write it. There are four kinds:

    <!-- table NAME -->            up to `<!-- end of table -->`: a function of tests/reference.py
    <!-- code FILE NAME ... -->    a fence: the source of these definitions in FILE
    <!-- file FILE -->             a fence: the whole of FILE
    <!-- run COMMAND ... -->       a fence: what `hallway` prints; lines that begin with "> " are typed
"""

import ast
import os
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.reference import TABLES

ROOT = Path(__file__).parent.parent
UPDATES = os.environ.get("HALLWAY_UPDATE_GOLDEN") == "1"
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "bot/sources/sample/README.md")
)
TABLE = re.compile(r"(?<=<!-- table )(?P<name>[\w-]+) -->\n(?P<body>.*?)(?=<!-- end of table -->)", re.DOTALL)
FENCE = re.compile(r"(?:<!-- (?P<note>[^\n]+?) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```", re.DOTALL)
Run = Callable[[str, str], str]
"""Runs a command with typed lines, and returns what it prints."""


class Block(NamedTuple):
    """A fenced block, with the comment before it, if there is one."""

    kind: str
    note: str
    body: str


def read(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def blocks(document: str, kind: str = "") -> list[Block]:
    """The fenced blocks of a kind, such as `console`, or all of them."""
    found = [Block(match["kind"], match["note"] or "", match["body"]) for match in FENCE.finditer(read(document))]
    return [block for block in found if kind in {"", block.kind}]


def commands(document: str) -> list[str]:
    """The commands after the prompts of all `console` blocks."""
    lines = [line for block in blocks(document, "console") for line in block.body.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def generated(document: str, run: Run) -> str:
    """The document with each generated part as the code has it now."""

    def fence(match: re.Match[str]) -> str:
        word, _, rest = (match["note"] or "").partition(" ")
        if word not in {"code", "file", "run"}:
            return match[0]
        body = {"code": _code, "file": _file}[word](rest) if word != "run" else _run(rest, match["body"], run)
        return f"<!-- {match['note']} -->\n```{match['kind']}\n{body.strip()}\n```"

    text = TABLE.sub(lambda match: f"{match['name']} -->\n{TABLES[match['name']]().strip()}\n", read(document))
    return FENCE.sub(fence, text)


def _file(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _code(rest: str) -> str:
    name, *wanted = shlex.split(rest)
    found = dict(_definitions(_file(name)))
    parts = [found[definition] for definition in wanted]
    return ("\n\n\n" if any("\n" in part for part in parts) else "\n").join(parts)


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    """The names that a module defines, each with its source."""
    for node in ast.parse(text).body:
        source = ast.get_source_segment(text, node) or ""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                decorators = [f"@{ast.unparse(decorator)}\n" for decorator in node.decorator_list]
                yield node.name, "".join((*decorators, source))
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, source


def _run(command: str, before: str, run: Run) -> str:
    typed = [line.removeprefix("> ") for line in before.splitlines() if line.startswith("> ")]
    printed = run(command, "".join(f"{line}\n" for line in typed))
    return printed[printed.index("> ") :] if typed else printed
