"""How much a phone has to load: in a full hall it gets a few packets in a second."""

import gzip
import re

from adapters.web.render import STATIC, TEMPLATES
from tests.adapters.site.harness import Answer, SiteHarness
from tests.adapters.site.test_pages import publish_page

FLIGHT = 14_600
"""Bytes that a server sends before it hears from the client: ten packets (RFC 6928) of 1,460 bytes."""
ALL_TOLD = 150_000
"""Bytes of a page with everything that it loads, not compressed."""
DAY = ("/hotel MGM", "/attend ARC301", "/attend SEC203", "/attend DAT310", "/block 12:00-13:00 lunch", "/star KEY001")


def sent(answer: Answer) -> int:
    """The bytes of an answer as they are sent: its head and its compressed body."""
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    packed = gzip.compress(answer.body, 6) if "Content-Encoding" in answer.headers else answer.body
    return head + len(packed)


async def loaded(site: SiteHarness, path: str) -> dict[str, Answer]:
    """A page and everything that it loads, by name; "" for the page."""
    page = await site.get(path)
    names = re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]+)"', page.text)
    found = {"": page}
    for name in dict.fromkeys(names):
        rooted = name.startswith("../")
        found[name] = await site.get("/" + name.replace("../", "") if rooted else path + name.removeprefix("./"))
    if path.startswith("/p/"):
        found["sw.js"] = await site.get(f"{path}sw.js")
    assert {answer.status for answer in found.values()} == {200}
    return found


async def test_a_page_can_be_used_one_round_trip_after_its_first_byte_and_everything_is_small(
    site: SiteHarness,
) -> None:
    await site.app.all(*DAY)
    for path in (f"/p/{await site.secret()}/", f"/c/{await publish_page(site)}/"):
        found = await loaded(site, path)
        html = found[""].text
        # All text is in the first answer, which comes in one flight; so does the style, in the second.
        assert sent(found[""]) < FLIGHT
        styles = [name for name in found if name.endswith(".css")]
        assert styles
        assert sum(sent(found[name]) for name in styles) < FLIGHT
        # A style that loads another, or a script that runs before the text is shown, would cost another round trip.
        assert [name for name in styles if "@import" in found[name].text or "url(" in found[name].text] == []
        assert re.findall(r"<script(?![^>]* defer)", html) == []
        assert sum(len(answer.body) for answer in found.values()) < ALL_TOLD


async def test_a_page_of_a_long_day_still_comes_in_one_flight(site: SiteHarness) -> None:
    entries = [
        f"/block {hour:02}:{minute:02}-{hour:02}:{minute + 25} meeting number {hour}{minute}"
        for hour in range(9, 17)
        for minute in (0, 30)
    ]
    await site.app.all(*DAY, *entries)
    page = await site.get(f"/p/{await site.secret()}/")
    assert page.text.count("meeting number") > len(entries)
    assert sent(page) < FLIGHT


def test_nothing_of_a_page_comes_from_anywhere_else() -> None:
    for file in (*STATIC.iterdir(), *TEMPLATES.iterdir()):
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//|@import", file.read_text()), file.name
