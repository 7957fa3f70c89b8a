"""A schedule file on Slack: chosen in a form, and downloaded with the app's token from Slack alone."""

from dataclasses import replace

import pytest

from adapters.slack.attachments import FILE_REFUSED
from tests.adapters.slack.harness import SlackHarness
from tests.fake_servers.slack import ADMIN, Asked, labels, words
from tests.support.uploaded import CHANGE, moves_a_session


@pytest.fixture
def organizing(slack_app: SlackHarness) -> SlackHarness:
    """ada runs the workspace, and the next file moves a session."""
    slack_app.ada = replace(slack_app.ada, id=ADMIN)
    moves_a_session(slack_app.app)
    return slack_app


async def form_of(slack_app: SlackHarness) -> Asked:
    opened = await slack_app.ada.type("/schedule upload")
    assert opened.method == "views.open"
    return opened


async def test_a_file_chosen_in_the_form_is_shown_as_a_difference_and_applied(organizing: SlackHarness) -> None:
    opened = await form_of(organizing)
    blocks = opened.body["view"]["blocks"]
    assert [(block["block_id"], block["element"]["type"]) for block in blocks] == [
        ("file", "file_input"),
        ("as", "plain_text_input"),
        ("zone", "plain_text_input"),
    ]
    shown = await organizing.ada.fill_in(opened, file=organizing.peer.choose("talks.xlsx", b"1"))
    assert words(shown).startswith("talks.xlsx would change the schedule:\n")
    assert CHANGE in words(shown)
    assert labels(shown) == ["Apply", "Keep old", "Status"]
    applied = await organizing.ada.press(shown, "Apply")
    assert words(applied).startswith("The schedule is updated.")


async def test_a_large_file_is_refused_before_it_is_downloaded(organizing: SlackHarness) -> None:
    large = {
        **organizing.peer.choose("talks.xlsx", b""),
        "size": 8 * 1024**2 + 1,
        "url_private": "https://evil.example",
    }
    shown = await organizing.ada.fill_in(await form_of(organizing), file=large)
    assert words(shown).startswith("talks.xlsx is larger than 8 MB, the limit for a schedule: split it.")


async def test_a_file_that_is_longer_than_slack_said_is_not_read_to_its_end(organizing: SlackHarness) -> None:
    lying = {**organizing.peer.choose("talks.xlsx", bytes(8 * 1024**2 + 100)), "size": 10}
    shown = await organizing.ada.fill_in(await form_of(organizing), file=lying)
    assert words(shown).startswith("talks.xlsx is larger than 8 MB, the limit for a schedule: split it.")


@pytest.mark.parametrize("where", ["https://evil.example/talks", "https://files.slack.com.evil.example/x", "", "[bad"])
async def test_the_token_goes_to_no_other_host(organizing: SlackHarness, where: str) -> None:
    elsewhere = {**organizing.peer.choose("talks.xlsx", b"1"), "url_private": where}
    shown = await organizing.ada.fill_in(await form_of(organizing), file=elsewhere)
    assert words(shown).startswith(FILE_REFUSED)


async def test_a_token_without_the_scope_gets_a_page_and_the_organizer_a_sentence(organizing: SlackHarness) -> None:
    opened, file = await form_of(organizing), organizing.peer.choose("talks.xlsx", b"1")
    organizing.peer.chosen.clear()
    tokens, organizing.peer.tokens = organizing.peer.tokens, set()
    shown = await organizing.ada.fill_in(opened, file=file)
    organizing.peer.tokens = tokens
    assert words(shown).startswith(FILE_REFUSED)


async def test_somebody_who_is_no_organizer_gets_no_form(slack_app: SlackHarness) -> None:
    assert words(await slack_app.ada.type("/schedule upload")) == "Only organizers can use /schedule."
