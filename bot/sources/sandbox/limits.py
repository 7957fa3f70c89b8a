"""Limits of one parse. The child sets what the kernel enforces, the parent counts seconds and bytes."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ParserLimits:
    """The limits of parsing one file.

    The largest known real schedule (2.7 MB, 1,000 events) takes 1 s, 40 MiB and 3 MiB of output.

    Attributes:
        seconds: seconds of processor time.
        patience: seconds of real time, for a busy machine; with the 30 s of a fetch it stays below the lease of a feed.
        memory: bytes of address space.
        output: bytes of the parsed sessions as JSON: a file of 32 MiB has no more text than that.
    """

    seconds: int = 20
    patience: float = 45
    memory: int = 768 * MIB
    output: int = 64 * MIB
