"""No expression looks at the same text again and again: a row of others must not cost minutes."""

import ast
import inspect
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module

import pytest

from tests.sources.worst_rows import COMMON, OLD, ROWS

PACKAGES = (
    "bot.sources",
    "bot.domain",
    "bot.app.command_spec",
    "bot.app.text",
    "adapters.console.render",
    "adapters.discord.render",
    "adapters.slack.render",
)
LONG = 80_000
"""Characters of a row: a linear search takes milliseconds, the quickest quadratic one takes a second."""
SECONDS = 0.4
"""Of processor time for one row; the kernel ends the process that needs more."""
SHORT, SUSPICIOUS = LONG // 8, 0.004
"""A row of so many characters comes first, and the long one only if that took so many seconds of processor time: the
long one of a quadratic search takes 64 times as long, so one that needs `SECONDS` takes 0.006 s of the short one."""
CHILD = """
import json, re, signal, sys, time
for name, pattern, flags, rows in json.load(sys.stdin):
    print(name, flush=True)
    binary, pattern = pattern[:1] == "b", pattern[1:]
    compiled = re.compile(pattern.encode("latin-1") if binary else pattern, flags)
    for begin, pump, end in rows:
        for length in LENGTHS:
            row = begin + pump * (length // len(pump)) + end
            row = row.encode("utf-8", "replace") if binary else row
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            begins = time.process_time()
            compiled.match(row), compiled.fullmatch(row), compiled.sub("".encode() if binary else "", row)
            taken = time.process_time() - begins
            signal.setitimer(signal.ITIMER_PROF, 0)
            if taken < SUSPICIOUS:
                break
print("done")
"""
for name, value in {"LENGTHS": (SHORT, LONG), "SECONDS": SECONDS, "SUSPICIOUS": SUSPICIOUS}.items():
    CHILD = CHILD.replace(name, str(value))

Pattern = re.Pattern[str] | re.Pattern[bytes]


def modules() -> Iterator[str]:
    for package in PACKAGES:
        yield package
        path = getattr(import_module(package), "__path__", None)
        if path:
            yield from (module.name for module in pkgutil.walk_packages(path, f"{package}."))


def expressions() -> dict[str, Pattern]:
    """Every compiled expression by the module that defines it and its name."""
    found: dict[str, Pattern] = {}
    for name in modules():
        if name.endswith("__main__"):
            continue
        module = import_module(name)
        for key, value in vars(module).items():
            several = value if isinstance(value, tuple) else (value,)
            own = [expression for expression in several if isinstance(expression, re.Pattern)]
            numbers = [""] if len(several) == 1 else [f"[{number}]" for number in range(len(own))]
            found |= {f"{name}.{key}{number}": expression for number, expression in zip(numbers, own, strict=False)}
    return found


def expressions_in_calls() -> Iterator[tuple[str, Pattern]]:
    """Expressions that are written where they are used: `re.split("[;,]", text)`."""
    for name in modules():
        for node in ast.walk(ast.parse(inspect.getsource(import_module(name)))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Attribute):
                continue
            owner, what = node.func.value, node.args[0]
            if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr not in ("compile", "escape"):
                where = f"{name}, line {node.lineno}"
                assert isinstance(what, ast.Constant), f"{where}: compile it at the top of the module"
                assert isinstance(what.value, str), where
                yield where, re.compile(what.value)


def parts(row: str) -> tuple[str, str, str]:
    """`<…a…>` is `<`, then `a` again and again, then `>`."""
    begin, pump, end = row.split("…")
    return begin, pump, end


def case(name: str, pattern: str | bytes, flags: int, rows: Iterable[str]) -> list[object]:
    text = f"b{pattern.decode('latin-1')}" if isinstance(pattern, bytes) else f"s{pattern}"
    flags &= re.IGNORECASE | re.DOTALL | re.MULTILINE | re.ASCII | re.VERBOSE
    return [name, text, flags, [parts(row) for row in rows]]


def stuck(cases: Iterable[list[object]]) -> str:
    """The name of the first expression that needs too long for a row; "" if there is none."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", CHILD],
        input=json.dumps(list(cases)),
        capture_output=True,
        text=True,
        check=False,
    )
    last = done.stdout.split("\n")[-2]
    assert done.stderr == ""
    return "" if last == "done" else last


def every_row(name: str, pattern: Pattern) -> Iterator[str]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for pump in dict.fromkeys((*COMMON, *source)):
        yield f"…{pump}…"
    yield from ROWS.get(name, ())


def test_each_expression_has_its_worst_rows() -> None:
    assert sorted(expressions()) == sorted(ROWS)


@pytest.mark.slow
def test_no_row_of_a_file_stops_an_expression() -> None:
    found = {**expressions(), **dict(expressions_in_calls())}
    cases = [
        case(name, expression.pattern, expression.flags, every_row(name, expression))
        for name, expression in found.items()
    ]
    assert stuck(cases) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", OLD)
def test_the_expressions_of_earlier_versions_are_found(name: str) -> None:
    pattern, row = OLD[name]
    assert stuck([case(name, pattern, re.DOTALL if isinstance(pattern, bytes) else 0, [row])]) == name
