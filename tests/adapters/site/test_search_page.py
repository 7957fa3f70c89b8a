"""The whole schedule on a page: searched, narrowed by lists, one page after the other; the same in public."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.adapters.site.harness import SiteHarness
from tests.adapters.site.reading import Page, opened
from tests.adapters.site.states import public_page
from tests.builders import SEC, SESSIONS, at, schedule


def chosen(page: Page) -> dict[str, str]:
    """What the lists of a form show, and what stands in the line."""
    found, name = {}, ""
    for tag, values in page.tags:
        name = values["name"] if tag == "select" else name
        if tag == "option" and "selected" in values:
            found[name] = values["value"]
        if tag == "input" and values.get("id") == "q":
            found["q"] = values["value"]
        if tag == "input" and "checked" in values:
            found[values["name"]] = "yes"
    return found


async def test_all_sessions_are_those_of_today_and_another_day_is_chosen_in_a_list(site: SiteHarness) -> None:
    secret = await site.secret()
    today = await opened(site, f"/p/{secret}/find")
    assert "Monday 29 Nov: 4 sessions." in today.text
    assert chosen(today) == {"q": "", "day": "2021-11-29"}
    tuesday = await opened(site, f"/p/{secret}/find?day=2021-11-30&q=")
    assert "Tuesday 30 Nov: 1 session." in tuesday.text


SEARCHES = [
    ({"q": "counting"}, {"q": "counting"}, {"DAT310", "DAT310-R"}),
    ({"q": "counting", "venue": "MGM Grand"}, {"q": "counting", "venue": "MGM Grand"}, {"DAT310-R"}),
    ({"q": "counting monday"}, {"q": "counting", "day": "2021-11-29"}, {"DAT310", "DAT310-R"}),
    ({"q": "monday", "day": "2021-11-30"}, {"q": "", "day": "2021-11-30"}, {"KEY001"}),
    ({"q": "", "track": "Security"}, {"q": "", "track": "Security"}, {"SEC203"}),
    ({"q": "", "level": "300", "free": "1"}, {"q": "", "level": "300", "free": "yes"}, {"DAT310", "DAT310-R"}),
    ({"q": "after 14:00", "venue": ""}, {"q": "after 14:00"}, {"DAT310-R"}),
    ({"q": "counting", "venue": "Nowhere", "kind": "x"}, {"q": "counting"}, {"DAT310", "DAT310-R"}),
    ({"q": "not security", "day": "2021-11-29"}, {"q": "not track Security", "day": "2021-11-29"}, {"ARC301", "DAT310", "DAT310-R"}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "shown", "codes"), SEARCHES)
async def test_what_is_typed_and_what_is_chosen_are_one_search_and_are_shown_again(
    site: SiteHarness, asked: dict[str, str], shown: dict[str, str], codes: set[str]
) -> None:
    await site.app.say("/attend ARC301")
    page = await opened(site, f"/p/{await site.secret()}/find?{urlencode(asked)}")
    assert {session.code for session in SESSIONS if f"({session.code})" in page.text} == codes
    assert chosen(page) == shown


async def test_many_sessions_are_pages_and_the_chat_still_shows_five(site: SiteHarness) -> None:
    many = tuple(
        replace(
            SEC, id=f"s{number}", code=f"S{number:02}", starts_at=at(13) + timedelta(minutes=number), ends_at=at(15)
        )
        for number in range(60)
    )
    await site.app.publish(schedule(many, conference=replace(schedule().conference, revision=2)))
    secret = await site.secret()
    pages = [await opened(site, f"/p/{secret}/find?q=keys{more}") for more in ("", "+page+2", "+page+3")]
    assert [len([tag for tag, _ in page.tags if tag == "article"]) for page in pages] == [25, 25, 10]
    (following,) = [link for link in pages[0].links if "page" in link]
    assert following == "./find?q=keys+page+2"
    assert "1-5. Add the first of these" in await site.app.say("/find keys")
    public = [await opened(site, f"{await public_page(site)}?q=keys{more}") for more in ("", "+page+2")]
    assert [len([tag for tag, _ in page.tags if tag == "article"]) for page in public] == [50, 10]
    assert "51-60 of 60 sessions" in public[1].text
    assert "?q=keys+page+2" in public[0].links


async def test_the_public_schedule_is_searched_as_the_chat_is_without_what_depends_on_a_person(
    site: SiteHarness,
) -> None:
    path = await public_page(site)
    found = await opened(site, f"{path}?q=talks+at+mgm+free+for+me&day=2021-11-29")
    assert "DAT310-R" in found.text
    assert "KEY001" not in found.text
    assert chosen(found)["venue"] == "MGM Grand"
    assert "Nothing found" in (await opened(site, f"{path}?q=zzzz")).text
