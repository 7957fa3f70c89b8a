"""Linked communities: by mutual consent, for one conference, pair by pair, and until either side undoes it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.announcements.links import MOST_TRIES, digest_of, partners
from bot.app.messages import Reply
from bot.domain.announcements.link import LENGTH, LETTERS, code_in, code_text
from bot.domain.announcements.organizer import AuditEntry
from bot.domain.attendee.attendee import Community
from tests.builders import CONFERENCE, schedule
from tests.fakes.app_harness import AppHarness

WRONG = "That code is wrong or no longer valid. A code works once, for an hour. Ask for a new one."


async def ask(app: AppHarness, tenant: str, line: str, user: str = "olga") -> Reply:
    """As an organizer of a community."""
    app.tenant, app.user = tenant, user
    return await app.ask(line, organizer=True)


async def say(app: AppHarness, tenant: str, line: str, user: str = "olga") -> str:
    return app.text(await ask(app, tenant, line, user))


async def code_of(app: AppHarness, tenant: str) -> str:
    (code,) = re.findall(r"link:([A-Z2-9-]+)", await say(app, tenant, "/settings link:new"))
    return str(code)


async def linked(app: AppHarness, one: str, other: str) -> None:
    code = await code_of(app, one)
    assert "are linked" in await say(app, other, f"/settings link {code} agree", "bob")


async def community(app: AppHarness, tenant: str) -> Community:
    async with app.store.write_transaction() as work:
        return await work.communities.add("console", tenant)


async def linked_with(app: AppHarness, tenant: str) -> list[tuple[str, str]]:
    """With whom a community is linked, and why that does not count."""
    here = await community(app, tenant)
    async with app.store.read_transaction() as work:
        return [(partner.community.tenant, partner.why_not) for partner in await partners(work, here)]


async def log(app: AppHarness, tenant: str) -> list[AuditEntry]:
    here = await community(app, tenant)
    async with app.store.read_transaction() as work:
        return list(await work.audit.latest(here.id, 99))


async def test_both_sides_are_shown_what_it_means_before_it_counts(app: AppHarness) -> None:
    offered = await say(app, "club", "/settings link:new")
    code = re.findall(r"link:([A-Z2-9-]+)", offered)[0]
    meaning = [
        "What the link means",
        "   Organizers of that community can announce in your announcements channel, and to people here who agreed.",
        "   Organizers of club can announce to that community in the same way.",
        "   The other side sees how many people here an announcement reaches, but no names, plans or hotels.",
        "   Nobody is notified by a mention, and both logs record it.",
        "   The link works while both follow this conference. Either side can remove it in /settings.",
    ]
    assert offered.splitlines() == [
        f"Ask an organizer of another community that follows Cloud 21 to type this there by Mon 29 Nov 09:00: /settings link:{code}",
        "It works once. They have to agree before anything is linked. Share it with nobody else.",
        *meaning,
    ]
    entered = await ask(app, "other", f'/settings link:"{code.lower().replace("-", " ")}"', "bob")
    assert app.text(entered).splitlines() == [
        "This code is from club (Console). Nothing is linked yet. Do you agree?",
        meaning[0],
        meaning[1].replace("that community", "club (Console)"),
        meaning[2].replace("club", "other").replace("that community", "club (Console)"),
        *meaning[3:],
        f"→ /settings link {code} agree",
    ]
    assert await linked_with(app, "club") == await linked_with(app, "other") == []
    app.user = "bob"
    assert await app.press(entered, "Agree and link", organizer=True) == (
        "other and club (Console) are linked. To announce to both, add everywhere to /announce.\n→ /settings unlink console:club"
    )
    assert (await linked_with(app, "club"), await linked_with(app, "other")) == ([("other", "")], [("club", "")])


async def test_both_logs_say_who_linked_and_neither_has_the_code(app: AppHarness) -> None:
    code = await code_of(app, "club")
    await say(app, "other", f"/settings link {code}", "bob")
    await say(app, "other", f"/settings link {code} agree", "bob")
    await say(app, "other", "/settings unlink console:club", "bob")
    assert [(entry.doer, entry.what) for entry in await log(app, "club")] == [
        ("an organizer of other (Console)", "undid the link with other (Console)"),
        ("an organizer of other (Console)", "linked with other (Console)"),
        ("olga", "/settings link new"),
    ]
    assert [(entry.doer, entry.what) for entry in await log(app, "other")] == [
        ("bob", "undid the link with club (Console)"),
        ("bob", "/settings unlink console:club"),
        ("bob", "linked with club (Console)"),
        ("bob", "/settings link CODE agree"),
        ("bob", "/settings link CODE"),
    ]


async def test_a_code_works_once_and_for_an_hour_and_the_newest_is_the_only_one(app: AppHarness) -> None:
    old = await code_of(app, "club")
    code = await code_of(app, "club")
    assert await say(app, "other", f"/settings link:{old}") == WRONG
    await say(app, "other", f"/settings link {code} agree")
    for line in (f"/settings link:{code}", f"/settings link {code} agree"):
        assert await say(app, "third", line) == WRONG
    late = await code_of(app, "club")
    await app.wait(hours=1)
    assert await say(app, "third", f"/settings link {late} agree") == WRONG
    assert await linked_with(app, "third") == []
    assert (await log(app, "third"))[0].failed


async def test_guessing_is_limited_for_an_hour(app: AppHarness) -> None:
    code = await code_of(app, "club")
    for _ in range(MOST_TRIES):
        assert await say(app, "other", "/settings link:2222-2222-2222") == WRONG
    limited = "You tried 10 codes within an hour. Try again later."
    assert await say(app, "other", f"/settings link:{code}") == limited
    assert "This code is from club" in await say(app, "third", f"/settings link:{code}")
    await app.wait(minutes=59)
    assert await say(app, "other", f"/settings link:{code}") == limited
    await app.wait(minutes=2)
    assert "This code is from club" in await say(app, "other", f"/settings link:{await code_of(app, 'club')}")


@pytest.mark.parametrize(
    "typed",
    [
        "link:hello",
        "link:ABCD-EFGH",
        "link:ABCD-EFGH-JKL0",
        "link:agree",
        "link ABCD EFGH",
        "link",
        "unlink",
        "unlink club",
        "digest",
    ],
)
async def test_what_is_no_code_is_said_in_a_sentence(app: AppHarness, typed: str) -> None:
    reply = await ask(app, "club", f"/settings {typed}")
    assert reply.is_error
    assert "log id" not in app.text(reply)


async def test_what_stands_in_the_way_is_said_and_the_code_is_not_used_up(app: AppHarness) -> None:
    code = await code_of(app, "club")
    own = await say(app, "club", f"/settings link {code} agree")
    assert own == "That is the same community: a link needs two."
    await app.publish(replace(schedule(), conference=replace(CONFERENCE, slug="bird22", title="Bird 22")))
    nothing = "Choose a conference first with /conference: a link is for one conference."
    assert await say(app, "other", "/settings link:new") == nothing
    assert "follows no conference yet" in await say(app, "other", f"/settings link:{code}")
    await say(app, "club", "/conference cloud21")
    await say(app, "other", "/conference bird22 yes")
    assert await say(app, "other", f"/settings link {code} agree") == (
        "Only communities that follow the same conference can be linked: "
        "other (Console) follows bird22, club (Console) follows cloud21."
    )
    await say(app, "other", "/conference cloud21")
    async with app.store.write_transaction() as work:
        here = await work.communities.add("console", "club")
        await work.communities.save(replace(here, left_at=app.clock.now()))
    sentence = "I was removed from club (Console). Invite me there again first."
    assert await say(app, "other", f"/settings link {code} agree") == sentence
    async with app.store.write_transaction() as work:
        await work.communities.save(replace(here, left_at=None))
    assert "are linked" in await say(app, "other", f"/settings link {code} agree")
    again = f"/settings link {await code_of(app, 'club')} agree"
    assert await say(app, "other", again) == "other (Console) and club (Console) are linked already."


async def test_settings_show_links_with_a_button_that_either_side_may_press(app: AppHarness) -> None:
    await linked(app, "club", "other")
    await say(app, "other", "/settings announcements #news")
    mine, theirs = await ask(app, "club", "/settings"), await ask(app, "other", "/settings")
    both = "organizers of both can announce to both"
    assert f"Linked with other (Console): {both}\n" in app.text(mine)
    assert f"Linked with club (Console): {both}, but it has no announcements channel yet\n" in app.text(theirs)
    app.tenant = "club"
    undone = await app.press(mine, "Unlink other", organizer=True)
    assert undone.startswith("The link is removed.\n")
    assert "Linked communities: none" in undone
    app.tenant = "other"
    again = await app.press(theirs, "Unlink club", organizer=True)
    assert again == "other (Console) and club (Console) are not linked."
    assert await say(app, "other", "/settings unlink slack:T9") == "I don't know the community slack:T9."
    assert "is not a community" in await say(app, "other", "/settings unlink:club")


async def test_a_link_is_pairwise(app: AppHarness) -> None:
    await linked(app, "a", "b")
    await linked(app, "b", "c")
    found = [await linked_with(app, tenant) for tenant in "abc"]
    assert found == [[("b", "")], [("a", ""), ("c", "")], [("b", "")]]


async def test_a_link_counts_only_while_both_follow_the_conference_and_host_hallway(app: AppHarness) -> None:
    await linked(app, "club", "other")
    await app.publish(replace(schedule(), conference=replace(CONFERENCE, slug="bird22", title="Bird 22")))
    for tenant in ("club", "other"):
        await say(app, tenant, "/conference cloud21")
    assert await linked_with(app, "club") == [("other", "")]
    await say(app, "other", "/conference bird22 yes")
    assert await linked_with(app, "club") == [("other", "it follows another conference now")]
    this = "this community follows another conference than when they were linked"
    assert await linked_with(app, "other") == [("club", this)]
    assert f"inactive: {this}" in await say(app, "other", "/settings")
    await say(app, "club", "/conference bird22 yes")
    assert await linked_with(app, "club") == [("other", this)]
    await linked(app, "club", "other")
    assert await linked_with(app, "club") == [("other", "")]
    async with app.store.write_transaction() as work:
        other = await work.communities.add("console", "other")
        await work.communities.save(replace(other, left_at=app.clock.now()))
    assert await linked_with(app, "club") == [("other", "I was removed from it")]


@given(st.text(LETTERS, min_size=LENGTH, max_size=LENGTH), st.booleans(), st.sampled_from(["-", " ", "", " - "]))
def test_a_code_is_read_however_it_is_typed(code: str, small: bool, between: str) -> None:
    typed = code_text(code).replace("-", between)
    assert code_in(typed.lower() if small else typed) == code
    assert code_in(code + "2") is None
    assert code_in(code[1:] + "0") is None


async def test_codes_are_all_different_and_kept_as_digests_alone(app: AppHarness) -> None:
    codes = [await code_of(app, "club") for _ in range(5)]
    assert len(set(codes)) == 5
    data = app.store._data  # type: ignore[attr-defined]  # the memory store
    assert [offer for offer, _ in data.offers.values()] == [digest_of(codes[-1].replace("-", ""))]
    assert not any(code in str(data) or code.replace("-", "") in str(data) for code in codes)
