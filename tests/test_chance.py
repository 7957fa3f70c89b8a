"""No test fails by chance: on a busy machine a test may run minutes after it was imported, and a wait may take long."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
CLOCKS = {("time", "time"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
SHORTEST = 30
"""Seconds. What has to happen usually happens at once, so that a longer wait costs nothing but where a test fails."""
WAITS = {"timeout", "wait_for", "until", "stopped", "edited", "urlopen", "communicate", "ClientTimeout"}
MAY_BE_SHORT = {
    "adapters/discord/test_conversation.py",  # waits for an answer that must not come
}


def nodes_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Everything that is evaluated when a module is imported: no bodies of functions, but their decorators."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            outside = [*getattr(child, "decorator_list", ()), child.args]
            for part in outside:
                yield from (part, *nodes_at_import(part))
        else:
            yield from (child, *nodes_at_import(child))


def clock_reads(text: str) -> list[int]:
    """The lines that read the clock while the module is imported."""
    calls = [node for node in nodes_at_import(ast.parse(text)) if isinstance(node, ast.Call)]
    named = [(call.lineno, call.func) for call in calls if isinstance(call.func, ast.Attribute)]
    return [n for n, f in named if isinstance(f.value, ast.Name) and (f.value.id, f.attr) in CLOCKS]


def short_waits(text: str) -> list[int]:
    """The lines that wait for something at most for less than `SHORTEST` seconds."""
    found = []
    for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        bounds = call.args[-1:] if name in WAITS else []
        bounds = [*bounds, *(word.value for word in call.keywords if word.arg == "timeout" and name != "wait")]
        numbers = [node.value for node in bounds if isinstance(node, ast.Constant)]
        if any(isinstance(number, int | float) and 0 < number < SHORTEST for number in numbers):
            found.append(call.lineno)
    return found


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text()


def test_no_test_reads_the_clock_when_it_is_imported() -> None:
    assert [f"{name}:{line}" for name, text in modules() for line in clock_reads(text)] == []


def test_no_test_waits_for_less_than_a_busy_machine_needs() -> None:
    assert [f"{n}:{line}" for n, text in modules() if n not in MAY_BE_SHORT for line in short_waits(text)] == []


@pytest.mark.parametrize(
    "code", ["X = time.time()", "@each(datetime.now(UTC))\ndef f(): ...", "def f(x=date.today()): ..."]
)
def test_a_read_of_the_clock_is_found(code: str) -> None:
    assert clock_reads(code) == [1]
    assert clock_reads(f"def f():\n    {code.splitlines()[0]}\n    def g(): ...") == []


@pytest.mark.parametrize(
    "code", ["asyncio.timeout(10)", "wait_for(x(), 2.5)", "peer.until(f, 15)", "run(x, timeout=1)"]
)
def test_a_short_wait_is_found(code: str) -> None:
    assert short_waits(code) == [1]
    assert short_waits("asyncio.timeout(60); asyncio.timeout(SOON); asyncio.wait({x}, timeout=0.05)") == []
