"""Outlines of buildings: the ways of a relation joined to rings."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.streets.geometry import Point


@dataclass(frozen=True, slots=True)
class Line:
    """A way of the map: the numbers and the positions of its nodes, as far as the file has them."""

    nodes: tuple[int, ...]
    points: tuple[Point, ...]

    @property
    def is_ring(self) -> bool:
        """Whether the line ends where it starts."""
        return len(self.nodes) > 3 and self.nodes[0] == self.nodes[-1]  # noqa: PLR2004 — the least ring is a triangle

    @property
    def ring(self) -> tuple[Point, ...]:
        """The points without the last, which repeats the first."""
        return self.points[:-1] if self.is_ring else self.points


def joined(lines: Sequence[Line]) -> list[Line]:
    """Join lines that share their ends; lines that do not close are returned as they are."""
    rings = [line for line in lines if line.is_ring]
    rest = [line for line in lines if not line.is_ring and line.nodes]
    while rest:
        line = rest.pop()
        while not line.is_ring:
            following = next((other for other in rest if line.nodes[-1] in (other.nodes[0], other.nodes[-1])), None)
            if following is None:
                break
            rest.remove(following)
            if following.nodes[0] != line.nodes[-1]:
                following = Line(following.nodes[::-1], following.points[::-1])
            line = Line(line.nodes + following.nodes[1:], line.points + following.points[1:])
        rings.append(line)
    return rings
