"""Links to rooms of an indoor map."""

import pytest

from bot.domain.errors import BadInputError
from bot.domain.travel.room_links import read_base, room_link, room_route_link, room_slug

BASE = "https://nav.fosdem.org"


@pytest.mark.parametrize(
    ("room", "slug"),
    [
        ("K.1.105 (La Fontaine)", "k1105"),
        ("UD2.120 (Chavanne)", "ud2120"),
        ("Janson", "janson"),
        ("Saal 1", "saal-1"),
        ("Level 2 | Titian 2201", "titian-2201"),
        ("Halle Ost, Café Grün", "cafe-grun"),
        ("<../?x=1#y>", "x-1-y"),
        ("展示ホール", ""),
        ("", ""),
    ],
)
def test_a_room_is_named_as_the_map_names_it(room: str, slug: str) -> None:
    assert room_slug(room) == slug


def test_a_room_and_the_way_between_two_have_links() -> None:
    assert room_link(BASE, "K.1.105 (La Fontaine)") == "https://nav.fosdem.org/l/k1105/"
    assert room_route_link(BASE, "Janson", "UD2.120") == "https://nav.fosdem.org/r/janson/ud2120/"
    assert [room_link("", "Janson"), room_link(BASE, "?"), room_route_link(BASE, "Janson", "JANSON")] == [None] * 3


def test_an_address_is_read_without_its_last_slash() -> None:
    assert [read_base(f" {BASE}/ "), read_base("https://37c3.c3nav.de/")] == [BASE, "https://37c3.c3nav.de"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "nav.fosdem.org", "http://nav.fosdem.org", "javascript:alert(1)", "https://", "https://a b.org"),
        *("https://u:p@nav.org", "https://nav.org/?k=1", "https://nav.org/#x", "https://nav.org:8443", "https://[x"),
        *("https://nav.org/)[x](", "https://nav.org/\n/evil", "https://é.org", f"https://nav.org/{'x' * 200}"),
    ],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match=r"^Give the address of the indoor map itself, such as"):
        read_base(text)
