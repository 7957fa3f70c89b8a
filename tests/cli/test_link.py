"""`hallway link`: what an operator links, parts and sees, and one sentence for what is in the way."""

import re
from asyncio import to_thread
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.domain.errors import HallwayError
from bot.storage.unit_of_work import SqlStore
from tests.builders import CONFERENCE, schedule

A, B, C = "discord:100", "slack:T1", "console:club"


@pytest.fixture
async def database(migrated: str) -> str:
    """Two communities of one conference, and one of another."""
    store = SqlStore.at(migrated)
    async with store.write_transaction() as work:
        for slug in ("cloud21", "bird22"):
            await work.conferences.save(replace(schedule(), conference=replace(CONFERENCE, slug=slug)))
        for address, name, follows in ((A, "Cloud Club", "cloud21"), (B, "", "cloud21"), (C, "", "bird22")):
            made = await work.communities.add(*address.split(":"))
            await work.communities.save(replace(made, name=name, conference=follows))
    await store.close()
    return migrated


def output(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["link", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


async def logs(database: str) -> list[list[tuple[str, str]]]:
    store = SqlStore.at(database)
    async with store.read_transaction() as work:
        found = [await work.communities.get(*address.split(":")) for address in (A, B)]
        log_entries = [await work.audit.latest(community.id, 9) for community in found if community]
    await store.close()
    return [[(entry.doer, entry.what) for entry in some] for some in log_entries]


async def test_two_are_linked_listed_and_parted_and_both_logs_say_so(database: str) -> None:
    assert await to_thread(output) == "No communities are linked.\n"
    assert await to_thread(output, A, B) == "discord:100 (Cloud Club) and slack:T1 are linked.\n"
    listed = await to_thread(output)
    day = r"\d{4}-\d\d-\d\d"
    assert re.match(rf"discord:100 \(Cloud Club\)  slack:T1  since {day} ", listed)
    assert listed.endswith(" UTC  cloud21\n")
    assert await to_thread(output, B, A, "--undo") == "slack:T1 and discord:100 (Cloud Club) are not linked any more.\n"
    assert await to_thread(output) == "No communities are linked.\n"
    assert await logs(database) == [
        [("the operator", "undid the link with T1 (Slack)"), ("the operator", "linked with T1 (Slack)")],
        [
            ("the operator", "undid the link with Cloud Club (Discord)"),
            ("the operator", "linked with Cloud Club (Discord)"),
        ],
    ]


async def test_one_that_does_not_count_is_listed_with_the_reason(database: str) -> None:
    await to_thread(output, A, B)
    store = SqlStore.at(database)
    async with store.write_transaction() as work:
        slack = await work.communities.add("slack", "T1")
        await work.communities.save(replace(slack, conference="bird22"))
    await store.close()
    assert (await to_thread(output)).endswith("inactive: it follows another conference now\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((A, "discord:9"), "I don't know the community discord:9. Use Hallway there once first."),
        ((A, "nonsense"), "'nonsense' is not a community: write PLATFORM:TENANT, such as discord:1234."),
        ((A, A), "That is the same community: a link needs two."),
        ((A, B, "--undo"), "Cloud Club (Discord) and T1 (Slack) are not linked."),
        (
            (A, C),
            "Only communities that follow the same conference can be linked: Cloud Club (Discord) follows cloud21, club (Console) follows bird22.",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(database: str, arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(HallwayError) as fault:
        output(*arguments)
    assert str(fault.value) == sentence


def test_what_is_linked_already_is_said(database: str) -> None:
    output(A, B)
    with pytest.raises(HallwayError, match=r"^T1 \(Slack\) and Cloud Club \(Discord\) are linked already\.$"):
        output(B, A)


def test_a_database_without_tables_is_told_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALLWAY_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(HallwayError, match="has no schema yet: run `hallway migrate`"):
        output()


def test_wrong_usage_is_status_2(database: str) -> None:
    for arguments in ((A,), ("--undo",), (A, B, C)):
        assert CliRunner().invoke(app, ["link", *arguments]).exit_code == 2
