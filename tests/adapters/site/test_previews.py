"""What a chat shows of a pasted link: public pages say what the session is, private pages say nothing."""

import re
from dataclasses import replace
from html import unescape

import pytest

from adapters.web.previews import MOST, session_description
from bot.app.text.web_side import PageLink
from bot.domain.schedule.session import SessionState
from tests.adapters.site.harness import WEB, SiteHarness
from tests.builders import ARC, SEC, schedule

TAG = re.compile(r'<meta (?:property|name)="(og:\w+|description)" content="([^"]*)">')
PREVIEWS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "facebookexternalhit/1.1",
    "TelegramBot (like TwitterBot)",
)
READERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
    "Google-Calendar-Importer",
    "macOS/15.0 (24A335) dataaccessd/1.0",
    "Microsoft.Exchange/15.20",
)


async def page_of(site: SiteHarness) -> str:
    shown = site.app.text(await site.app.ask("/settings page:on", organizer=True))
    found = re.search(r"/c/([\w-]+)/", shown)
    assert found
    return found[1]


async def test_a_public_session_says_what_it_is_when_and_where(site: SiteHarness) -> None:
    page = await page_of(site)
    await site.app.say("/attend SEC203 reserved")
    text = (await site.get(f"/c/{page}/s/sec203")).text
    about = "Mon 29 Nov 11:00-12:00 (America/Los_Angeles), Caesars Forum, Room SEC203."
    assert {name: unescape(value) for name, value in TAG.findall(text)} == {
        "description": about,
        "og:type": "website",
        "og:site_name": "Cloud 21",
        "og:title": "Keys, locks and doors",
        "og:description": about,
        "og:url": f"https://hallway.example.org/c/{page}/s/sec203",
    }
    assert WEB.linked(f"https://hallway.example.org/c/{page}/s/sec203") == PageLink(page, "sec203")


async def test_text_of_others_stays_in_its_tag(site: SiteHarness) -> None:
    page = await page_of(site)
    evil = replace(SEC, title='"><script>x</script>', speakers=('Eve" onload="x',), room="\u202eevil")
    made = schedule([ARC, evil])
    await site.app.publish(replace(made, conference=replace(made.conference, revision=2)))
    text = (await site.get(f"/c/{page}/s/sec203")).text
    tags = dict(TAG.findall(text))
    assert unescape(tags["og:title"]) == '"><script>x</script>'
    assert "<script>x" not in text
    assert 'onload="' not in text
    assert "\u202e" not in text


def test_a_description_is_short_and_says_that_a_session_is_off() -> None:
    conference = schedule().conference
    off = replace(SEC, state=SessionState.CANCELLED)
    assert session_description(off, conference).startswith("Cancelled. Mon 29 Nov")
    assert len(session_description(replace(SEC, speakers=("x" * 50,) * 40), conference)) <= MOST


@pytest.mark.parametrize("name", ["", "s/arc301", "find?q=all"])
async def test_a_private_page_has_no_tags_and_shows_nothing_to_what_would_show_it_to_others(
    site: SiteHarness, name: str
) -> None:
    await site.app.say("/attend ARC301")
    secret = await site.secret()
    for agent in READERS:
        answer = await site.get(f"/p/{secret}/{name}", **{"User-Agent": agent})
        assert (answer.status, TAG.findall(answer.text)) == (200, [])
    for agent in PREVIEWS:
        answer = await site.get(f"/p/{secret}/{name}", **{"User-Agent": agent})
        nobody = await site.get("/p/" + "a" * 26 + "/", **{"User-Agent": agent})
        assert (answer.status, answer.body.count(b"Queues")) == (404, 0)
        assert (answer.status, len(answer.body) > 0) == (nobody.status, True)


async def test_a_calendar_reads_on(site: SiteHarness) -> None:
    secret = await site.secret()
    for agent in READERS:
        assert (await site.get(f"/p/{secret}/agenda.ics", **{"User-Agent": agent})).status == 200
