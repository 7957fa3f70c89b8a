"""SVG to PNG with resvg, in a thread: it works without the interpreter's lock for most of the time."""

import asyncio

import resvg_py

from bot.app.ports.pictures import DayPicture
from bot.pictures.fonts import files_of
from bot.pictures.svg import draw


async def paint(picture: DayPicture) -> bytes:
    """Draw a picture as a PNG, in another thread."""
    return await asyncio.to_thread(rasterize, picture)


def rasterize(picture: DayPicture) -> bytes:
    """Draw a picture as a PNG in this thread; see `paint`."""
    drawing = draw(picture)
    return bytes(
        resvg_py.svg_to_bytes(svg_string=drawing.svg, skip_system_fonts=True, font_files=files_of(drawing.fonts))
    )
