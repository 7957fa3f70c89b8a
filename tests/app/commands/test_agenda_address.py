"""`/agenda calendar` where browsers reach Hallway: the private address."""

import json
import re

import pytest

from bot.app.messages import Reply
from bot.app.text.web_side import WebSide, is_link, web_side
from bot.domain.attendee.private_address import (
    SECRET_BYTES,
    digest_of,
    form_token,
    is_form_token,
    is_secret,
    new_secret,
)
from tests.builders import at
from tests.fakes.app_harness import AppHarness

WEB = WebSide("https://hallway.example.org")
KEYED = WebSide("https://hallway.example.org", ("new key", "old key"))
SECRET = re.compile(r"https://hallway\.example\.org/p/([a-z2-7]{26})/")


async def harness(web: WebSide = WEB) -> AppHarness:
    return await AppHarness(web=web).publish()


def secret_in(reply: Reply) -> str:
    (found,) = {match[1] for link in reply.links if (match := SECRET.match(link.url))}
    return found


async def owner(app: AppHarness, secret: str) -> int | None:
    async with app.store.read_transaction() as work:
        return await work.addresses.owner(digest_of(secret))


async def test_beside_the_file_one_gets_an_address_that_follows_and_is_told_what_to_expect() -> None:
    app = await harness()
    await app.say("/attend ARC301")
    reply = await app.ask("/agenda calendar")
    secret = secret_in(reply)
    assert [file.name for file in reply.files] == ["cloud21-agenda.ics"]
    assert app.text(reply).replace(secret, "SECRET").splitlines()[:6] == [
        "1 session for your calendar. Open the file to add it.",
        "Or subscribe once, and your calendar follows your agenda: webcal://hallway.example.org/p/SECRET/agenda.ics",
        "For a program that needs https: https://hallway.example.org/p/SECRET/agenda.ics",
        "Apple looks for changes every hour, Outlook about every 3; Google every 4 to 24, and it shows no alarms.",
        "The address is only for you. Anybody who has it sees your agenda and can change it.",
        "If somebody else has it, type /agenda calendar new.",
    ]
    assert [(link.label, link.url.replace(secret, "SECRET")) for link in reply.links] == [
        ("My page", "https://hallway.example.org/p/SECRET/"),
        (
            "Add to Google",
            "https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2Fhallway.example.org%2Fp%2FSECRET%2Fagenda.ics",
        ),
        ("Add to Apple", "https://hallway.example.org/p/SECRET/subscribe"),
        (
            "Add to Outlook",
            "https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2Fhallway.example.org%2Fp%2FSECRET%2Fagenda.ics&name=Cloud+21",
        ),
    ]


async def test_an_empty_agenda_can_be_subscribed_too() -> None:
    reply = await (await harness()).ask("/agenda calendar")
    assert reply.links
    assert reply.private


async def test_without_a_public_address_there_is_the_file_alone(app: AppHarness) -> None:
    await app.say("/attend ARC301")
    reply = await app.ask("/agenda calendar new")
    assert (len(reply.lines), len(reply.files), reply.links) == (1, 1, ())


async def test_the_store_has_only_a_hash_so_the_address_is_shown_once_where_there_is_no_key() -> None:
    app = await harness()
    await app.say("/attend ARC301")
    secret = secret_in(await app.ask("/agenda calendar"))
    again = await app.ask("/agenda calendar")
    assert secret not in repr(again)
    assert (
        app.text(again)
        .splitlines()[1]
        .startswith("You have had a private address for your calendar since Mon 29 Nov. I can't show it again")
    )
    assert await owner(app, secret) is not None
    renewed = await app.press(again, "New address")
    assert renewed.splitlines()[1] == "The old address does not work any more: remove it from your calendar."
    assert await owner(app, secret) is None


async def test_with_a_key_the_same_address_is_shown_again_also_after_the_key_was_rotated() -> None:
    app = await harness(WebSide(WEB.url, ("old key",)))
    secret = secret_in(await app.ask("/agenda calendar"))
    assert secret_in(await app.ask("/agenda calendar")) == secret
    later = AppHarness(app.store, web=KEYED)
    assert secret_in(await later.ask("/agenda calendar")) == secret
    renewed = secret_in(await later.ask("/agenda calendar new"))
    assert renewed != secret
    assert (await owner(app, secret), await owner(app, renewed) is not None) == (None, True)
    lost = AppHarness(app.store, web=WebSide(WEB.url, ("another",)))
    assert not (await lost.ask("/agenda calendar")).links


async def test_everybody_has_an_address_of_their_own_in_each_community() -> None:
    app = await harness(KEYED)
    found = set()
    for tenant in ("club", "other"):
        for user in ("ada", "bob"):
            app.user, app.tenant = user, tenant
            found.add(secret_in(await app.ask("/agenda calendar")))
    assert len(found) == 4


async def test_forgetme_deletes_the_address_and_mydata_says_that_there_is_one_and_not_which() -> None:
    app = await harness()
    secret = secret_in(await app.ask("/agenda calendar"))
    (file,) = (await app.ask("/mydata")).files
    data = json.loads(file.content)
    assert data["private_address"] == {"since": at(8).isoformat(), "calendar": []}
    assert secret not in file.content
    assert digest_of(secret) not in file.content
    await app.say("/forgetme yes")
    assert await owner(app, secret) is None


@pytest.mark.parametrize("text", ["", "a" * 25, "a" * 27, "A" * 26, "1" * 26, "../" * 9, "a" * 25 + "\n", "é" * 26])
def test_what_has_not_the_form_of_a_secret_is_none(text: str) -> None:
    assert not is_secret(text)


def test_a_secret_has_128_bits_and_its_form_token_is_its_own() -> None:
    secret, other = (new_secret(bytes([byte] * SECRET_BYTES), ()) for byte in (0, 255))
    assert (secret, other) == ("a" * 26, "7" * 25 + "4")
    assert is_secret(secret)
    assert is_form_token(form_token(secret), secret)
    assert not is_form_token(form_token(secret), other)
    assert not is_form_token("é", secret)
    assert "key" not in repr(KEYED)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://hallway.example.org/", "https://hallway.example.org"),
        ("https://example.org/hallway", "https://example.org/hallway"),
        ("hallway.example.org", None),
        ("", None),
        (None, None),
        ("ftp://example.org", None),
        ("https://", None),
    ],
)
def test_the_public_address_is_read_leniently_and_another_scheme_is_none(url: str | None, base: str | None) -> None:
    made = web_side(url, " a , b,")
    assert (made and made.url) == base
    assert made is None or made.keys == ("a", "b")


def test_a_link_that_a_platform_would_refuse_gets_no_button() -> None:
    far = WebSide("https://hallway.example.org/" + "x" * 600)
    assert far.calendar_buttons("a" * 26, "Cloud") == ()
    assert not is_link("https://localhost/p/x/")
