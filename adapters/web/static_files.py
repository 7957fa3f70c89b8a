"""The static files: read and compressed once."""

from functools import cache

from adapters.web.bodies import Body
from adapters.web.headers import STATIC
from adapters.web.render import STATIC as FOLDER

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


@cache
def _all() -> dict[str, Body]:
    return {file.name: Body.of(file.read_bytes(), MEDIA_TYPES[file.suffix], STATIC) for file in FOLDER.iterdir()}


def static_body(name: str) -> Body | None:
    """Return a file by its name; None if there is no such file."""
    return _all().get(name)
