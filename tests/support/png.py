"""Reads the pixels of a PNG with 8 bits a channel, as resvg writes it: RGB or RGBA, not interlaced."""

import struct
import zlib
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}
"""By the type of colour in the header."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """Rows of bytes; each pixel has `channels` of them."""

    width: int
    height: int
    channels: int
    rows: list[bytes]

    def at(self, x: int, y: int) -> tuple[int, ...]:
        return tuple(self.rows[y][x * self.channels : (x + 1) * self.channels])

    def grid(self, size: int) -> list[float]:
        """The brightness of squares of `size` pixels, from 0 to 255."""
        step = self.channels
        return [
            sum(sum(row[x * step : (x + size) * step : step]) for row in self.rows[y : y + size]) / size**2
            for y in range(0, self.height - size + 1, size)
            for x in range(0, self.width - size + 1, size)
        ]


def read_png(data: bytes) -> Pixels:
    assert data.startswith(SIGNATURE)
    chunks, place = [], len(SIGNATURE)
    while place < len(data):
        length, name = struct.unpack(">I4s", data[place : place + 8])
        chunks.append((name, data[place + 8 : place + 8 + length]))
        place += 12 + length
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
    assert (depth, interlaced) == (8, 0)
    raw = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    channels = CHANNELS[colour]
    return Pixels(width, height, channels, _unfiltered(raw, width * channels, height, channels))


def _unfiltered(raw: bytes, stride: int, height: int, channels: int) -> list[bytes]:
    rows: list[bytes] = []
    above = bytes(stride)
    for number in range(height):
        start = number * (stride + 1)
        above = _row(raw[start], raw[start + 1 : start + 1 + stride], above, channels)
        rows.append(above)
    return rows


def _row(kind: int, filtered: bytes, above: bytes, channels: int) -> bytes:
    """A row from its differences to the pixel on its left, the row above, their mean, or the nearest of three."""
    row = bytearray(channels) + filtered
    corners = bytes(channels) + above
    match kind:
        case 1:
            for i in range(channels, len(row)):
                row[i] = (row[i] + row[i - channels]) & 255
        case 2:
            for i in range(channels, len(row)):
                row[i] = (row[i] + corners[i]) & 255
        case 3:
            for i in range(channels, len(row)):
                row[i] = (row[i] + (row[i - channels] + corners[i]) // 2) & 255
        case 4:
            for i in range(channels, len(row)):
                row[i] = (row[i] + _nearest(row[i - channels], corners[i], corners[i - channels])) & 255
    return bytes(row[channels:])


def _nearest(left: int, above: int, corner: int) -> int:
    """The predictor of Paeth (PNG specification, 9.4)."""
    to_left, to_above, to_corner = abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)
    if to_left <= to_above and to_left <= to_corner:
        return left
    return above if to_above <= to_corner else corner
