"""Names that a stranger understands: the field's own terms, and one meaning for each."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [path for folder in ("bot", "adapters", "migrations") for path in sorted((ROOT / folder).rglob("*.py"))]
PRIVATE = frozenset({"clerk", "parcel", "shelf", "dice", "keeper", "pulse", "hand", "desk", "told"})
"""Words of a private language that the code once had, instead of sender, delivery, cache, random, lease, queue."""
TWO_MEANINGS = frozenset({"Candidate", "Entrance", "Found", "Path"})
"""Classes that still have the name of another one. The list only becomes shorter."""


def names(path: Path) -> Iterator[str]:
    """The names that a module defines: of classes, functions, parameters, variables and attributes."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def words(name: str) -> list[str]:
    """`queued` and `InHand` give in, hand."""
    return re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_name_is_a_word_of_a_private_language(path: Path) -> None:
    assert not [name for name in names(path) if PRIVATE.intersection(words(name))]


def test_no_two_classes_have_the_same_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        classes = (node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef))
        for name in classes:
            if not name.startswith("_"):
                places[name].append(str(path.relative_to(ROOT)))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert twice.keys() == TWO_MEANINGS, twice


def test_a_planted_name_is_found() -> None:
    assert PRIVATE.intersection(words("_in_hand"))
    assert PRIVATE.intersection(words("ParcelDesk"))
    assert not PRIVATE.intersection(words("handler"))
