"""Work on an extract in a child process: a file that cannot be handled gives one error, and never stops the machine."""

import gc
import multiprocessing
import resource
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from bot.domain.errors import HallwayError

MIB = 1024 * 1024
ENDING = 5
"""Seconds for a child to end after its last word."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the work on one file.

    Attributes:
        seconds: seconds of processor time, on all cores together.
        patience: seconds of real time, for a busy machine.
        memory: bytes of address space.
    """

    seconds: int = 120
    patience: float = 180
    memory: int = 3072 * MIB


def run_apart(work: Callable[..., T], *arguments: object, name: str, limits: Limits) -> T:
    """Return `work(*arguments)`, computed in a child process.

    Args:
        work: a function of a module.
        arguments: values that can be pickled.
        name: the file, for the sentence of an error.
        limits: the limits of time and memory.

    Raises:
        HallwayError: the work raised it, or was too slow, or needed too much memory.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, limits, work, arguments))
    child.start()
    sender.close()
    try:
        outcome = receiver.recv() if receiver.poll(limits.patience) else None
    except EOFError:
        child.join(ENDING)
        outcome = (False, _ended(name, child.exitcode))
    finally:
        child.kill()
        child.join()
        receiver.close()
    if outcome is None:
        raise HallwayError(_ended(name, None))
    succeeded, value = outcome
    if not succeeded:
        raise HallwayError(value)
    result: T = value
    return result


def _ended(name: str, code: int | None) -> str:
    """Why there is no result, by the status of the child: 1 after an error of its own."""
    if code == 1:
        return f"{name} could not be worked on, by a fault of Hallway: please report it with the lines above."
    return (
        f"{name} takes too long or too much memory to read: cut it first with `hallway route cut`, or export a smaller "
        "region."
    )


def _child(sender: Connection, limits: Limits, work: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    bounds = {"RLIMIT_CPU": limits.seconds, "RLIMIT_AS": limits.memory, "RLIMIT_CORE": 0}
    for kind, most in bounds.items():
        # macOS knows some of these names and refuses to set them: the parent still counts the seconds.
        with suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, kind), (most, most + (kind == "RLIMIT_CPU")))
    # Nothing here makes cycles of objects, and the search for them takes a quarter of the time.
    gc.disable()
    try:
        sender.send((True, work(*arguments)))
    except HallwayError as error:
        sender.send((False, str(error)))
    except MemoryError:
        return
