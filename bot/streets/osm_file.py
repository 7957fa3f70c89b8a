"""Extracts in files: their size is limited, and each error is one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from bot.domain.errors import HallwayError

MIB = 1024 * 1024
LARGEST = {".osm.pbf": 256 * MIB, ".pbf": 256 * MIB, ".osm": 2048 * MIB, ".xml": 2048 * MIB, ".json": 64 * MIB}
"""Bytes of a file that is searched or routed on. A city of a million people has about 40 MiB as .osm.pbf."""
LARGEST_TO_CUT = 4096 * MIB
"""Bytes of a file that is cut: a country. Its nodes need about 16 bytes of memory each."""


def kind_of(path: Path) -> str:
    """Return the file name ending that determines how a file is read; raises `HallwayError` for another one."""
    for ending in LARGEST:
        if path.name.casefold().endswith(ending):
            return ending
    raise HallwayError(f"{path.name} is no extract of OpenStreetMap: it should end in .osm, .osm.pbf or .json.")


def checked(path: Path, *, to_cut: bool = False) -> Path:
    """Return the path of an extract; raises `HallwayError` if there is none, or it is too large."""
    kind = kind_of(path)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise HallwayError(f"{path} is no file: check the path.")
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError:
        raise HallwayError(f"There is no file {path}: check the path.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise HallwayError(f"{path.name} cannot be read ({reason}): name a file that you may read.") from None
    most = LARGEST_TO_CUT if to_cut else LARGEST[kind]
    if size > most:
        remedy = "export a smaller region" if to_cut or kind == ".json" else "cut it first with `hallway route cut`"
        raise HallwayError(f"{path.name} is larger than {most // MIB} MiB: {remedy}.")
    if not size:
        raise HallwayError(f"{path.name} is empty: export it again.")
    return path


def library() -> ModuleType:
    """Return the module `osmium`; raises `HallwayError` if it is not installed."""
    try:
        import osmium  # noqa: PLC0415 — an optional dependency
    except ImportError:
        raise HallwayError(
            "Reading .osm and .osm.pbf needs the package osmium: install it with `pip install 'hallway[routing]'`."
        ) from None
    return osmium


@contextmanager
def faults_of(path: Path) -> Iterator[None]:
    """Turn the errors of the library, which reads the file, into `HallwayError`."""
    # The library has an error of its own for coordinates that are not numbers.
    faults = (RuntimeError, ValueError, OSError, library().InvalidLocationError)
    try:
        yield
    except faults as error:
        # The library quotes what it read: one line of it is enough, and only what can be printed.
        reason = "".join(char for char in str(error).partition("\n")[0] if char.isprintable())[:100]
        raise HallwayError(f"{path.name} is no complete extract ({reason}): export it again.") from None
