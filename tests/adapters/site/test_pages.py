"""The pages: what they show, what they change, and what they refuse."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.web.headers import PUBLIC
from adapters.web.public_pages import Operator
from adapters.web.render import STATIC, TEMPLATES, version
from adapters.web.static_files import static_body
from bot.domain.attendee.private_address import form_token
from tests.adapters.site.harness import Answer, SiteHarness, site_harness
from tests.adapters.site.reading import Page, opened
from tests.builders import ARC, SEC, at, schedule


async def press(site: SiteHarness, secret: str, fields: dict[str, str], **headers: str) -> Answer:
    return await site.send("POST", f"/p/{secret}/do", data=fields, headers=headers)


async def agenda(site: SiteHarness) -> list[str]:
    async with site.app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada
        return [attendance.session for attendance in await work.attendances.of_attendee(ada.id, "cloud21")]


async def test_the_day_shows_what_is_next_and_the_same_facts_as_the_chat(site: SiteHarness) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301 reserved", "/attend SEC203")
    page = await opened(site, f"/p/{await site.secret()}/")
    chat = await site.app.say("/agenda monday")
    facts, _, free = chat.partition("\nFree time\n")
    assert free.startswith("   10:00-")
    for line in facts.splitlines()[2:]:
        assert (
            line.strip()
            .removeprefix("1. ")
            .removeprefix("2. ")
            .replace(" (ARC301)", " ARC301")
            .replace(" (SEC203)", " SEC203")
            in page.text
        ), line
    assert "Next Leave by 08:01" in page.text
    leaves = [values["data-leave"] for tag, values in page.tags if tag == "article" and "data-leave" in values]
    assert leaves == [at(8, 1).isoformat()] * 2 + [at(10, 22).isoformat()]
    assert page.labels == [
        "On my way: Queues that never sleep",
        "Not going: Queues that never sleep",
        "Not going: Queues that never sleep",
        "Not going: Keys, locks and doors",
    ]
    labels = [values.get("aria-label") for tag, values in page.tags if tag == "svg"]
    assert labels == ["Map of the venues. My way: Venetian, Caesars Forum"]


async def test_what_is_on_now_another_day_and_the_own_clock(site: SiteHarness) -> None:
    await site.app.all("/attend ARC301", "/attend KEY001", "/timezone 12h")
    secret = await site.secret()
    site.app.clock.move_to(at(9, 30))
    today = await opened(site, f"/p/{secret}/")
    assert "Now 1Queues that never sleep ARC301 9:00 am-10:00 am" in today.text
    assert "Next" in today.text
    assert "Opening keynote" in today.text
    tuesday = await opened(site, f"/p/{secret}/?day=2021-11-30")
    assert "Tue 30 Nov Mon 29 NovTue 30 Nov 1 session" in tuesday.text
    assert "Nothing on your agenda yet" in (await opened(site, f"/p/{secret}/?day=2021-12-24")).text
    assert "Now 1Queues" in (await opened(site, f"/p/{secret}/?day=nonsense")).text


async def test_a_clash_is_asked_about_and_decided_on_the_page(site: SiteHarness) -> None:
    await site.app.all("/attend SEC203", "/attend DAT310")
    secret = await site.secret()
    page = await opened(site, f"/p/{secret}/")
    assert '"Keys, locks and doors" and "Counting to infinity" clash: which one?' in page.text
    form = next(form for form in page.forms if form.get("a.only"))
    assert (await press(site, secret, {n: v for n, v in form.items() if n})).status == 200
    assert await agenda(site) == ["sec203"]


async def test_sessions_are_chosen_and_skipped_by_the_commands_of_the_chat(site: SiteHarness) -> None:
    secret = await site.secret()
    found = await opened(site, f"/p/{secret}/find?q=queues")
    assert "1 session" in found.text
    answer = await press(site, secret, found.form("Going: Queues that never sleep (ARC301)"))
    assert "Leave by" in Page(answer).text
    assert await agenda(site) == ["arc301"]
    day = await opened(site, f"/p/{secret}/")
    answer = await press(site, secret, day.form("Not going: Queues that never sleep"), Accept="application/json")
    assert answer.text == '{"ok": true, "text": "I took \\"Queues that never sleep\\" off your agenda."}'
    assert await agenda(site) == []


async def test_a_change_that_came_too_late_is_refused_with_the_reason_and_says_what_changed(site: SiteHarness) -> None:
    secret = await site.secret()
    form = (await opened(site, f"/p/{secret}/find?q=queues")).form("Going: Queues that never sleep (ARC301)")
    moved = replace(ARC, starts_at=at(10), ends_at=at(11), revision=2)
    await site.app.publish(schedule((moved, SEC), conference=replace(schedule().conference, revision=2)))
    answer = await press(site, secret, form, Accept="application/json")
    assert '"ok": true' in answer.text
    assert "This has changed since that message: Queues that never sleep (ARC301), Mon 29 Nov 10:00" in answer.text
    site.app.clock.move_to(at(12))
    answer = await press(site, secret, form, Accept="application/json")
    assert answer.text.startswith('{"ok": false, "text": "\\"Queues that never sleep\\" is already over')


async def test_a_search_leaves_the_numbers_of_the_last_list_in_the_chat_alone(site: SiteHarness) -> None:
    secret = await site.secret()
    await site.app.say("/find keys")
    await opened(site, f"/p/{secret}/find?q=counting")
    assert "Keys, locks and doors" in await site.app.say("/session 1")


async def test_a_session_has_a_page_with_everything_about_it(site: SiteHarness) -> None:
    secret = await site.secret()
    page = await opened(site, f"/p/{secret}/s/arc301")
    assert "Ada Byron" in page.text
    assert page.labels == ["Going", "Star"]
    assert (await site.get(f"/p/{secret}/s/nothing")).status == 404
    public = await publish_page(site)
    assert not [link for link in (await opened(site, f"/p/{secret}/s/arc301")).links if public in link]


REFUSED: list[tuple[dict[str, str], dict[str, str], int]] = [
    ({}, {"token": "0" * 64}, 403),
    ({}, {"token": ""}, 403),
    ({"Origin": "https://evil.example"}, {}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, {}, 403),
    ({"Sec-Fetch-Site": "same-site"}, {}, 403),
    ({}, {"command": "forgetme", "a.sure": "yes"}, 400),
    ({}, {"command": "announce"}, 400),
    ({}, {"a.nothing": "x"}, 400),
    ({}, {"a.code": "x" * 5_000}, 400),
    ({"Content-Type": "text/plain"}, {}, 400),
]


@pytest.mark.parametrize(("headers", "fields", "status"), REFUSED)
async def test_a_change_that_no_page_of_ours_sends_changes_nothing(
    site: SiteHarness, headers: dict[str, str], fields: dict[str, str], status: int
) -> None:
    secret = await site.secret()
    sent = {"token": form_token(secret), "command": "attend", "a.code": "ARC301", **fields}
    assert (await press(site, secret, sent, **headers)).status == status
    assert await agenda(site) == []


async def test_from_the_public_address_and_from_this_one_a_change_is_ours(site: SiteHarness) -> None:
    secret = await site.secret()
    sent = {"token": form_token(secret), "command": "attend", "a.code": "ARC301"}
    for origin in ("https://hallway.example.org", site.url):
        assert (await press(site, secret, sent, Origin=origin, **{"Sec-Fetch-Site": "same-origin"})).status == 200


async def test_another_persons_token_changes_nothing(site: SiteHarness) -> None:
    ada = await site.secret()
    site.app.user = "bob"
    bob = await site.secret()
    sent = {"token": form_token(bob), "command": "attend", "a.code": "ARC301"}
    assert (await press(site, ada, sent)).status == 403
    assert (await press(site, bob, sent)).status == 200
    assert await agenda(site) == []


async def test_a_page_is_sent_again_only_if_it_changed(site: SiteHarness) -> None:
    secret = await site.secret()
    path = f"/p/{secret}/"
    first = await site.get(path)
    site.app.clock.move_to(at(8, 10))
    again = await site.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.headers["X-Hallway-Now"]) == (304, at(8, 10).isoformat())
    assert f'data-etag="{first.headers["ETag"][3:-1]}"' in first.text
    await site.app.say("/attend SEC203")
    assert (await site.get(path, **{"If-None-Match": first.headers["ETag"]})).status == 200


HOSTILE = '"><script>alert(1)</script>{{7*7}}\u202e<img src=x onerror=alert(1)>'


async def test_text_of_others_is_never_markup(site: SiteHarness) -> None:
    nasty = replace(ARC, title=HOSTILE, abstract=HOSTILE, speakers=(HOSTILE,), room=HOSTILE)
    conference = replace(schedule().conference, revision=2, title=HOSTILE)
    await site.app.publish(schedule((nasty, SEC), conference=conference))
    await site.app.say("/attend ARC301")
    secret = await site.secret()
    public = await publish_page(site)
    paths = ("", "find?q=%3Cscript%3E", "s/arc301", "subscribe", f"../../c/{public}/", f"../../c/{public}/s/arc301")
    for path in (*paths, f"../../c/{public}/?q=%22%3E%3Cscript%3E"):
        page = await opened(site, f"/p/{secret}/{path}" if not path.startswith("..") else path.removeprefix("../.."))
        assert [v.get("src") for tag, v in page.tags if tag == "script" and "/static/" not in str(v.get("src"))] == []
        assert [tag for tag, _ in page.tags if tag == "img"] == []
        assert "\u202e" not in page.text
        for _, values in page.tags:
            assert not [name for name in values if name.startswith("on") or name == "style"]


async def publish_page(site: SiteHarness) -> str:
    await site.app.ask("/settings page:on", organizer=True)
    async with site.app.store.read_transaction() as work:
        club = await work.communities.get("console", "club")
        assert club
        assert club.page
        return club.page


async def test_a_public_schedule_has_sessions_walks_and_no_people(site: SiteHarness) -> None:
    await site.app.all("/attend ARC301", "/privacy community", "/hotel MGM")
    page = await publish_page(site)
    assert re.fullmatch(r"club-\d+", page)
    day = await opened(site, f"/c/{page}/")
    assert "Queues that never sleep" in day.text
    assert "18 min walk from Venetian to Caesars Forum" in day.text
    assert "ada" not in day.text
    assert day.forms == []
    assert "Opening keynote" in (await opened(site, f"/c/{page}/?day=2021-11-30")).text
    assert "Counting to infinity" in (await opened(site, f"/c/{page}/?q=infinty")).text
    session = await opened(site, f"/c/{page}/s/arc301")
    assert "Ada Byron" in session.text
    answer = await site.get(f"/c/{page}/")
    assert {name: answer.headers[name] for name in PUBLIC} == dict(PUBLIC)
    assert (await site.get(f"/c/{page}/s/nothing")).status == 404
    assert (await site.get(f"/c/{page}")).headers["Location"] == f"{page}/"
    await site.app.ask("/settings page:off", organizer=True)
    assert (await site.get(f"/c/{page}/")).status == 404
    assert (await site.get("/c/other/")).status == 404


async def test_organizers_switch_the_public_page_and_see_where_it_is(site: SiteHarness) -> None:
    assert "Only organizers" in await site.app.say("/settings page:on")
    assert "off. To show the schedule to everybody: /settings page:on" in await site.app.say(
        "/settings", organizer=True
    )
    shown = await site.app.say("/settings page:on", organizer=True)
    assert "https://hallway.example.org/c/club-" in shown


async def test_what_this_is_privacy_and_terms_with_the_operators_own_words(tmp_path: Path) -> None:
    (tmp_path / "terms.html").write_text("<p>Ours, {{ operator }}</p>")
    operator = Operator("Ada & Co", "mail@example.org", str(tmp_path))
    async with site_harness(operator=operator) as site:
        assert "A conference companion" in (await opened(site, "/")).text
        privacy = await opened(site, "/privacy")
        assert "run here by Ada & Co" in privacy.text
        assert "mail@example.org" in privacy.text
        assert (await site.get("/terms")).text == "<p>Ours, Ada &amp; Co</p>"
    async with site_harness() as site:
        assert "run here by its operator" in (await opened(site, "/terms")).text


async def test_everything_static_is_small_and_may_be_kept_for_ever(site: SiteHarness) -> None:
    names = sorted(file.name for file in STATIC.iterdir())
    answers = [await site.get(f"/static/{version()}/{name}") for name in names]
    assert sum(len(answer.body) for answer in answers) < 40_000
    assert {answer.headers["Cache-Control"] for answer in answers} == {"public, max-age=31536000, immutable"}
    for path in ("/static/old/page.css", f"/static/{version()}/nothing", f"/static/{version()}/..%2Fsite.py"):
        assert (await site.get(path)).status == 404
    assert static_body("page.js")


async def test_the_worker_knows_the_files_of_this_version(site: SiteHarness) -> None:
    answer = await site.get(f"/p/{await site.secret()}/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert f'["../../static/{version()}/page.css", "../../static/{version()}/times.js"' in answer.text
    manifest = await site.get(f"/p/{await site.secret('/agenda calendar new')}/manifest.webmanifest")
    assert '"start_url": "./"' in manifest.text


def test_no_template_has_an_inline_style_or_script_or_switches_the_escaping_off() -> None:
    for file in TEMPLATES.iterdir():
        text = file.read_text()
        assert not re.search(r"\sstyle=|\son\w+=|<style|\|\s*safe|autoescape|https?://", text), file.name
        assert not re.search(r"<script(?! src=)", text), file.name
