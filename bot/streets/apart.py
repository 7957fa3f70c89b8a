"""Work on an extract in a child process: a file that nothing can cope with costs one sentence, never the machine."""

import multiprocessing
import resource
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from bot.domain.errors import HallwayError

MIB = 1024 * 1024
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the work on one file may cost.

    Attributes:
        seconds: of processor time, on all cores together.
        patience: of real time, for a machine that is busy.
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
        limits: what it may cost.

    Raises:
        HallwayError: what the work raised, or that it was too slow or too large.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, limits, work, arguments))
    child.start()
    sender.close()
    try:
        outcome = receiver.recv() if receiver.poll(limits.patience) else None
    except EOFError:
        outcome = None
    finally:
        child.kill()
        child.join()
        receiver.close()
    if outcome is None:
        raise HallwayError(
            f"{name} takes too long or too much memory to read: cut it first with `hallway route cut`, or export a "
            "smaller region."
        )
    succeeded, value = outcome
    if not succeeded:
        raise HallwayError(value)
    result: T = value
    return result


def _child(sender: Connection, limits: Limits, work: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    bounds = {"RLIMIT_CPU": limits.seconds, "RLIMIT_AS": limits.memory, "RLIMIT_CORE": 0}
    for kind, most in bounds.items():
        # macOS knows some of these names and refuses to set them: the parent still counts the seconds.
        with suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, kind), (most, most + (kind == "RLIMIT_CPU")))
    try:
        sender.send((True, work(*arguments)))
    except HallwayError as error:
        sender.send((False, str(error)))
    except MemoryError:
        return
