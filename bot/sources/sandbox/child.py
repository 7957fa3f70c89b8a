"""The child process: sets its own limits, reads one file from standard input, writes its draft to standard output."""

import resource
import sys
import traceback
from contextlib import suppress
from pathlib import PurePath
from types import TracebackType

from bot.domain.errors import ScheduleImportError
from bot.sources import parse_draft
from bot.sources.sandbox import wire

MOST_FILES = 16


def main(seconds: int, memory: int) -> None:
    """Parse one file within `seconds` of processor time and `memory` bytes of address space."""
    sys.excepthook = _report
    limits = {"RLIMIT_CPU": seconds, "RLIMIT_AS": memory, "RLIMIT_NOFILE": MOST_FILES, "RLIMIT_FSIZE": 0}
    for name, most in {**limits, "RLIMIT_CORE": 0}.items():
        # macOS knows some of these names and refuses to set them: the parent still counts the seconds.
        with suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most + (name == "RLIMIT_CPU")))
    request = wire.decoded_request(sys.stdin.buffer.readline())
    out = sys.stdout.buffer
    try:
        out.writelines(wire.encoded(parse_draft(sys.stdin.buffer.read(), request.name, request.format, request.fields)))
    except ScheduleImportError as error:
        out.write(wire.encoded_fault(error))
    except MemoryError:
        out.write(wire.encoded_end(wire.FULL))
    out.flush()


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Report where the parser failed: the text of an error may quote the file, so it is left out."""
    del error
    frames = traceback.extract_tb(trace)
    where = f"{PurePath(frames[-1].filename).name} line {frames[-1].lineno}" if frames else "unknown place"
    sys.stdout.buffer.write(b"\n" + wire.encoded_end(wire.CRASH, f"{kind.__name__}, {where}"))
    sys.stdout.buffer.flush()
