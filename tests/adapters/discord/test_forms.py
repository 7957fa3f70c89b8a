"""Forms on Discord: one that is refused opens again with what was typed."""

from dataclasses import replace

import pytest

from tests.adapters.discord.conftest import Stage
from tests.adapters.discord.test_announcing import content, promote, refresh
from tests.fake_servers.discord import MANAGE_GUILD, Asked, Person


@pytest.fixture
async def olga(stage: Stage) -> Person:
    """She may manage the server."""
    promote(stage, 32)
    await refresh(stage)
    return replace(stage.ada, id=32, name="olga", permissions=MANAGE_GUILD)


def filled(form: Asked) -> dict[str, str]:
    """What stands in the fields of a form."""
    fields = [each["component"] for each in form.body["data"]["components"]]
    return {each["custom_id"]: each["value"] for each in fields if each.get("value")}


LONG = "@everyone *Lunch* is [served](https://example.org) in <#200>.\n" * 24 + "End"
TYPED = {"text": LONG, "title": "Food", "to": "going NOWHERE1 and #general", "by": "both"}


async def test_a_refused_form_opens_again_with_what_was_typed_and_is_sent(stage: Stage, olga: Person) -> None:
    form = await olga.type("announce")
    refused = await olga.fill_in(form, **TYPED)
    assert 'I found no "NOWHERE1"' in content(refused)
    assert refused.body["data"]["flags"] == 64
    assert refused.body["data"]["allowed_mentions"] == {"parse": []}
    again = await olga.press(refused, "Fill in again")
    assert (again.body["type"], filled(again)) == (9, TYPED)
    assert [each["component"]["custom_id"] for each in again.body["data"]["components"]] == [
        each["component"]["custom_id"] for each in form.body["data"]["components"]
    ]
    refused = await olga.fill_in(again, to="going NOWHERE2")
    again = await olga.press(refused, "Fill in again")
    assert filled(again) == {**TYPED, "to": "going NOWHERE2"}
    preview = await olga.fill_in(again, to="going ARC301 and #general", title="")
    assert "isn't sent yet" in content(preview)
    assert "Food" not in content(preview)


async def test_a_form_that_changes_an_announcement_still_does_so_after_a_refusal(stage: Stage, olga: Person) -> None:
    preview = await olga.type("announce", text="Beer", to="everyone", channel="#200")
    number = content(preview).split("Announcement ")[1].split("*")[0]
    refused = await olga.fill_in(await olga.press(preview, "Change…"), when="yesterday")
    again = await olga.press(refused, "Fill in again")
    assert filled(again) == {"when": "yesterday"}
    changed = await olga.fill_in(again, when="12:00")
    assert f"Announcement {number}" in content(changed)
    assert "Beer" in content(changed)


async def test_a_slow_refusal_keeps_what_was_typed_too(stage: Stage, olga: Person) -> None:
    client = stage.platform.messenger.client()
    assert client is not None
    client.handler.patience = 0.0  # type: ignore[attr-defined]  # our own client
    refused = await olga.fill_in(await olga.type("announce"), **TYPED)
    assert refused.body["type"] == 5
    edited = await stage.peer.edited(olga)
    assert filled(await olga.press(edited, "Fill in again")) == TYPED


async def test_the_form_is_not_opened_again_for_who_lost_the_right(stage: Stage, olga: Person) -> None:
    refused = await olga.fill_in(await olga.type("announce"), **TYPED)
    late = await replace(olga, permissions=0).press(refused, "Fill in again")
    assert content(late) == "Only organizers can use /announce."
