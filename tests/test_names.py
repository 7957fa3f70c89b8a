"""Names that a stranger understands: the field's own terms, and one meaning for each."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


FILES = files("bot", "adapters", "migrations")
ALL_FILES = [*FILES, *files("tests", "benchmarks", "tools")]
PRIVATE = frozenset({"clerk", "parcel", "shelf", "dice", "keeper", "pulse", "hand", "desk", "told"})
"""Words of a private language that the code once had, instead of sender, delivery, cache, random, lease, queue."""
VAGUE = frozenset({"each", "known", "kept", "said", "told"})
"""Names of variables that do not say what they hold."""


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def names(path: Path) -> Iterator[str]:
    """The names that a module defines: of classes, functions, parameters, variables and attributes."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def vague(tree: ast.AST) -> list[str]:
    """The variables, parameters and attributes that do not say what they hold; loops and comprehensions included."""
    lines = []
    for node in ast.walk(tree):
        match node:
            case (
                ast.arg(arg=name)
                | ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
                | ast.MatchAs(name=str(name))
            ) if name.strip("_") in VAGUE:
                lines.append(f"{name} in line {node.lineno}")
    return lines


def words(name: str) -> list[str]:
    """`queued` and `InHand` give in, hand."""
    return re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower())


def test_no_name_is_a_word_of_a_private_language() -> None:
    private = {relative(path): [name for name in names(path) if PRIVATE.intersection(words(name))] for path in FILES}
    assert {path: found for path, found in private.items() if found} == {}


def test_every_variable_says_what_it_holds() -> None:
    unclear = {relative(path): vague(ast.parse(path.read_text())) for path in ALL_FILES}
    assert {path: found for path, found in unclear.items() if found} == {}


def test_no_two_classes_have_the_same_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        classes = (node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef))
        for name in classes:
            if not name.startswith("_"):
                places[name].append(str(path.relative_to(ROOT)))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert not twice


def test_a_planted_name_is_found() -> None:
    assert PRIVATE.intersection(words("_in_hand"))
    assert PRIVATE.intersection(words("ParcelDesk"))
    assert not PRIVATE.intersection(words("handler"))


@pytest.mark.parametrize(
    "code",
    [
        "for each in rows: pass",
        "[each for each in rows]",
        "{name: each for name, each in rows}",
        "sorted(rows, key=lambda each: each.id)",
        "known = rows",
        "if said := rows: pass",
        "def keep(kept: int) -> None: ...",
        "self._known = {}",
        "with rows as told: pass",
        "match row:\n    case Row() as each: pass",
    ],
)
def test_a_planted_variable_is_found(code: str) -> None:
    assert len(vague(ast.parse(code))) == 1


def test_a_name_with_more_words_is_no_vague_one() -> None:
    assert not vague(ast.parse("for each_day in known_days: is_known = row.known"))
