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


async def ask(talk: AppHarness, tenant: str, line: str, user: str = "olga") -> Reply:
    """As an organizer of a community."""
    talk.tenant, talk.user = tenant, user
    return await talk.ask(line, organizer=True)


async def say(talk: AppHarness, tenant: str, line: str, user: str = "olga") -> str:
    return talk.text(await ask(talk, tenant, line, user))


async def code_of(talk: AppHarness, tenant: str) -> str:
    (code,) = re.findall(r"link:([A-Z2-9-]+)", await say(talk, tenant, "/settings link:new"))
    return str(code)


async def linked(talk: AppHarness, one: str, other: str) -> None:
    code = await code_of(talk, one)
    assert "are linked" in await say(talk, other, f"/settings link {code} agree", "bob")


async def community(talk: AppHarness, tenant: str) -> Community:
    async with talk.store.write_transaction() as work:
        return await work.communities.add("console", tenant)


async def known(talk: AppHarness, tenant: str) -> list[tuple[str, str]]:
    """With whom a community is linked, and why that does not count."""
    here = await community(talk, tenant)
    async with talk.store.read_transaction() as work:
        return [(each.community.tenant, each.why_not) for each in await partners(work, here)]


async def log(talk: AppHarness, tenant: str) -> list[AuditEntry]:
    here = await community(talk, tenant)
    async with talk.store.read_transaction() as work:
        return list(await work.audit.latest(here.id, 99))


async def test_both_sides_are_shown_what_it_means_before_it_counts(talk: AppHarness) -> None:
    offered = await say(talk, "club", "/settings link:new")
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
    entered = await ask(talk, "other", f'/settings link:"{code.lower().replace("-", " ")}"', "bob")
    assert talk.text(entered).splitlines() == [
        "This code is from club (Console). Nothing is linked yet. Do you agree?",
        meaning[0],
        meaning[1].replace("that community", "club (Console)"),
        meaning[2].replace("club", "other").replace("that community", "club (Console)"),
        *meaning[3:],
        f"→ /settings link {code} agree",
    ]
    assert await known(talk, "club") == await known(talk, "other") == []
    talk.user = "bob"
    assert await talk.press(entered, "Agree and link", organizer=True) == (
        "other and club (Console) are linked. To announce to both, add everywhere to /announce.\n→ /settings unlink console:club"
    )
    assert (await known(talk, "club"), await known(talk, "other")) == ([("other", "")], [("club", "")])


async def test_both_logs_say_who_linked_and_neither_has_the_code(talk: AppHarness) -> None:
    code = await code_of(talk, "club")
    await say(talk, "other", f"/settings link {code}", "bob")
    await say(talk, "other", f"/settings link {code} agree", "bob")
    await say(talk, "other", "/settings unlink console:club", "bob")
    assert [(each.doer, each.what) for each in await log(talk, "club")] == [
        ("an organizer of other (Console)", "undid the link with other (Console)"),
        ("an organizer of other (Console)", "linked with other (Console)"),
        ("olga", "/settings link new"),
    ]
    assert [(each.doer, each.what) for each in await log(talk, "other")] == [
        ("bob", "undid the link with club (Console)"),
        ("bob", "/settings unlink console:club"),
        ("bob", "linked with club (Console)"),
        ("bob", "/settings link CODE agree"),
        ("bob", "/settings link CODE"),
    ]


async def test_a_code_works_once_and_for_an_hour_and_the_newest_is_the_only_one(talk: AppHarness) -> None:
    old = await code_of(talk, "club")
    code = await code_of(talk, "club")
    assert await say(talk, "other", f"/settings link:{old}") == WRONG
    await say(talk, "other", f"/settings link {code} agree")
    for line in (f"/settings link:{code}", f"/settings link {code} agree"):
        assert await say(talk, "third", line) == WRONG
    late = await code_of(talk, "club")
    await talk.wait(hours=1)
    assert await say(talk, "third", f"/settings link {late} agree") == WRONG
    assert await known(talk, "third") == []
    assert (await log(talk, "third"))[0].failed


async def test_guessing_is_limited_for_an_hour(talk: AppHarness) -> None:
    code = await code_of(talk, "club")
    for _ in range(MOST_TRIES):
        assert await say(talk, "other", "/settings link:2222-2222-2222") == WRONG
    limited = "You tried 10 codes within an hour. Try again later."
    assert await say(talk, "other", f"/settings link:{code}") == limited
    assert "This code is from club" in await say(talk, "third", f"/settings link:{code}")
    await talk.wait(minutes=59)
    assert await say(talk, "other", f"/settings link:{code}") == limited
    await talk.wait(minutes=2)
    assert "This code is from club" in await say(talk, "other", f"/settings link:{await code_of(talk, 'club')}")


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
async def test_what_is_no_code_is_said_in_a_sentence(talk: AppHarness, typed: str) -> None:
    reply = await ask(talk, "club", f"/settings {typed}")
    assert reply.is_error
    assert "log id" not in talk.text(reply)


async def test_what_stands_in_the_way_is_said_and_the_code_is_not_used_up(talk: AppHarness) -> None:
    code = await code_of(talk, "club")
    own = await say(talk, "club", f"/settings link {code} agree")
    assert own == "That is the same community: a link needs two."
    await talk.publish(replace(schedule(), conference=replace(CONFERENCE, slug="bird22", title="Bird 22")))
    nothing = "Choose a conference first with /conference: a link is for one conference."
    assert await say(talk, "other", "/settings link:new") == nothing
    assert "follows no conference yet" in await say(talk, "other", f"/settings link:{code}")
    await say(talk, "club", "/conference cloud21")
    await say(talk, "other", "/conference bird22 yes")
    assert await say(talk, "other", f"/settings link {code} agree") == (
        "Only communities that follow the same conference can be linked: "
        "other (Console) follows bird22, club (Console) follows cloud21."
    )
    await say(talk, "other", "/conference cloud21")
    async with talk.store.write_transaction() as work:
        here = await work.communities.add("console", "club")
        await work.communities.save(replace(here, left_at=talk.clock.now()))
    told = "I was removed from club (Console). Invite me there again first."
    assert await say(talk, "other", f"/settings link {code} agree") == told
    async with talk.store.write_transaction() as work:
        await work.communities.save(replace(here, left_at=None))
    assert "are linked" in await say(talk, "other", f"/settings link {code} agree")
    again = f"/settings link {await code_of(talk, 'club')} agree"
    assert await say(talk, "other", again) == "other (Console) and club (Console) are linked already."


async def test_settings_show_links_with_a_button_that_either_side_may_press(talk: AppHarness) -> None:
    await linked(talk, "club", "other")
    await say(talk, "other", "/settings announcements #news")
    mine, theirs = await ask(talk, "club", "/settings"), await ask(talk, "other", "/settings")
    both = "organizers of both can announce to both"
    assert f"Linked with other (Console): {both}\n" in talk.text(mine)
    assert f"Linked with club (Console): {both}, but it has no announcements channel yet\n" in talk.text(theirs)
    talk.tenant = "club"
    undone = await talk.press(mine, "Unlink other", organizer=True)
    assert undone.startswith("The link is removed.\n")
    assert "Linked communities: none" in undone
    talk.tenant = "other"
    again = await talk.press(theirs, "Unlink club", organizer=True)
    assert again == "other (Console) and club (Console) are not linked."
    assert await say(talk, "other", "/settings unlink slack:T9") == "I don't know the community slack:T9."
    assert "is not a community" in await say(talk, "other", "/settings unlink:club")


async def test_a_link_is_pairwise(talk: AppHarness) -> None:
    await linked(talk, "a", "b")
    await linked(talk, "b", "c")
    found = [await known(talk, tenant) for tenant in "abc"]
    assert found == [[("b", "")], [("a", ""), ("c", "")], [("b", "")]]


async def test_a_link_counts_only_while_both_follow_the_conference_and_host_hallway(talk: AppHarness) -> None:
    await linked(talk, "club", "other")
    await talk.publish(replace(schedule(), conference=replace(CONFERENCE, slug="bird22", title="Bird 22")))
    for tenant in ("club", "other"):
        await say(talk, tenant, "/conference cloud21")
    assert await known(talk, "club") == [("other", "")]
    await say(talk, "other", "/conference bird22 yes")
    assert await known(talk, "club") == [("other", "it follows another conference now")]
    this = "this community follows another conference than when they were linked"
    assert await known(talk, "other") == [("club", this)]
    assert f"inactive: {this}" in await say(talk, "other", "/settings")
    await say(talk, "club", "/conference bird22 yes")
    assert await known(talk, "club") == [("other", this)]
    await linked(talk, "club", "other")
    assert await known(talk, "club") == [("other", "")]
    async with talk.store.write_transaction() as work:
        other = await work.communities.add("console", "other")
        await work.communities.save(replace(other, left_at=talk.clock.now()))
    assert await known(talk, "club") == [("other", "I was removed from it")]


@given(st.text(LETTERS, min_size=LENGTH, max_size=LENGTH), st.booleans(), st.sampled_from(["-", " ", "", " - "]))
def test_a_code_is_read_however_it_is_typed(code: str, small: bool, between: str) -> None:
    typed = code_text(code).replace("-", between)
    assert code_in(typed.lower() if small else typed) == code
    assert code_in(code + "2") is None
    assert code_in(code[1:] + "0") is None


async def test_codes_are_all_different_and_kept_as_digests_alone(talk: AppHarness) -> None:
    codes = [await code_of(talk, "club") for _ in range(5)]
    assert len(set(codes)) == 5
    data = talk.store._data  # type: ignore[attr-defined]  # the memory store
    assert [each for each, _ in data.offers.values()] == [digest_of(codes[-1].replace("-", ""))]
    assert not any(code in str(data) or code.replace("-", "") in str(data) for code in codes)
