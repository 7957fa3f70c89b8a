"""A small town on the equator, where a hundredth of a degree is 1,111.949 m in each direction.

Distances of the test are multiples of 0.001 degrees, about 111 m:

    north   A --------- B ========= C      A-B street, B-C a bridge with steps in the middle (B-M steps, M-C path)
            |                       |
            |                       |      A-D and C-E streets, D-E a street: the way around, without steps
            D --------- F --------- E

The hall stands north of A, its two entrances are on the street; the hotel stands east of C. An island X-Y is not
connected, and so is a motorway which crosses everything.
"""

from collections.abc import Mapping

STEP = 0.001
METRES = 111.19492664455873
NODES = {
    "A": (1, 2, 0), "B": (2, 2, 1), "M": (3, 2, 1.5), "C": (4, 2, 2), "D": (5, 0, 0), "F": (6, 0, 1), "E": (7, 0, 2),
    # The kiosk, whose door is in the middle of the street D-E.
    "K1": (31, -1, 0.8), "K2": (32, -1, 1.2),
    "X": (8, 9, 9), "Y": (9, 9, 10),
    # The hall around A: its door is A itself.
    "H1": (11, 3, -0.5), "H2": (12, 3, 0.5), "H3": (13, 2, 0.5), "H4": (14, 2, -0.5),
    # The hotel, whose door is 0.1 steps east of the street C-E.
    "T1": (21, 1.5, 2.1), "T2": (22, 1.5, 3), "T3": (23, 0.5, 3), "T4": (24, 0.5, 2.1), "T5": (25, 1, 2.1),
}  # fmt: skip
Way = tuple[int, str, Mapping[str, str]]
WAYS: tuple[Way, ...] = (
    (100, "A B", {"highway": "footway"}),
    (101, "B M", {"highway": "steps"}),
    (102, "M C", {"highway": "footway", "bridge": "yes", "covered": "yes"}),
    (103, "A D", {"highway": "residential"}),
    (104, "D F E", {"highway": "pedestrian"}),
    (105, "E C", {"highway": "living_street"}),
    (106, "A E", {"highway": "motorway"}),
    (107, "A E", {"highway": "footway", "access": "private"}),
    (108, "X Y", {"highway": "footway"}),
    (200, "H1 H2 H3 A H4 H1", {"building": "yes", "amenity": "conference_centre", "name": "Grand Hall"}),
    (202, "F K1 K2 F", {"building": "kiosk"}),
    (201, "T1 T2 T3 T4 T5 T1", {"building": "hotel", "tourism": "hotel", "name": "Hôtel du Pont", "alt_name": "Bridge Inn"}),
)  # fmt: skip
TAGS = {"A": {"entrance": "main"}, "T5": {"entrance": "yes"}}


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def town(ways: tuple[Way, ...] = WAYS, tags: Mapping[str, Mapping[str, str]] = TAGS) -> str:
    """The town as a file that OpenStreetMap exports."""
    lines = ['<osm version="0.6">']
    for name, (number, north, east) in NODES.items():
        place = f'lat="{north * STEP:.7f}" lon="{east * STEP:.7f}"'
        lines.append(f'<node id="{number}" version="1" {place}>{_tags(tags.get(name, {}))}</node>')
    for number, names, about in ways:
        nodes = "".join(f'<nd ref="{NODES[name][0]}"/>' for name in names.split())
        lines.append(f'<way id="{number}" version="1">{nodes}{_tags(about)}</way>')
    return "\n".join([*lines, "</osm>"])
