"""Files of this machine as attachments: the person at the console types a path."""

import asyncio
from pathlib import Path

from bot.app.messages import Attachment
from bot.domain.errors import FetchError


def local_file(path: str) -> Attachment | None:
    """Return the file at a path; None if there is none."""
    try:
        file = Path(path).expanduser()
        if not file.is_file():
            return None
        size = file.stat().st_size
    except (OSError, ValueError, RuntimeError):  # RuntimeError: the user of a path such as ~user does not exist
        return None

    async def fetch(most: int) -> bytes:
        try:
            return await asyncio.to_thread(_read, file, most)
        except OSError as error:
            raise FetchError(f"{file.name} cannot be read ({error.strerror}): choose another file.") from error

    return Attachment(file.name, size, fetch)


def _read(file: Path, most: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(most + 1)
