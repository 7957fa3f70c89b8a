"""`/schedule upload`: the difference first, and nothing changes before an organizer applies it."""

from datetime import timedelta

import pytest

from bot.app.editing.upload import MAX_FILE
from bot.domain.imports.draft import Remark
from bot.domain.imports.feed import Feed
from tests.builders import ARC, SESSIONS, at, draft
from tests.fakes.app_harness import AppHarness
from tests.support.uploaded import CHANGED

PREVIEW = (
    "talks.xlsx would change the schedule:\n"
    "0 added, 1 changed, 0 removed (test)\n"
    "changed: Keys, locks and doors (SEC203) (time Mon 11:00 → Mon 12:00)\n"
    "→ /schedule apply file {number} · /schedule keep file {number} · /schedule status"
)
UPDATED = (
    "The schedule is updated. I'll tell everyone who is affected.\n"
    "0 added, 1 changed, 0 removed (test)\n"
    "changed: Keys, locks and doors (SEC203) (time Mon 11:00 → Mon 12:00)\n"
    "→ /schedule status"
)
GONE = "This file is no longer waiting. Upload it again: /schedule upload"


async def ask(app: AppHarness, line: str) -> str:
    return await app.say(line, organizer=True)


@pytest.fixture
def uploading(app: AppHarness) -> AppHarness:
    """`talks.xlsx` is a file in which a session has another time."""
    app.feed.publish(*CHANGED)
    app.attach("talks.xlsx", b"1")
    return app


async def waiting(app: AppHarness) -> int:
    reply = await app.ask("/schedule upload file:talks.xlsx", organizer=True)
    number = int(reply.buttons[0].arguments["file"].removeprefix("file "))
    assert app.text(reply) == PREVIEW.format(number=number)
    assert [button.label for button in reply.buttons] == ["Apply", "Keep old", "Status"]
    return number


async def test_only_organizers_upload(uploading: AppHarness) -> None:
    assert await uploading.say("/schedule upload talks.xlsx") == "Only organizers can use /schedule."


async def test_nothing_changes_before_the_button_and_attendees_hear_of_it_afterwards(uploading: AppHarness) -> None:
    app = uploading
    await app.all("/hotel Venetian", "/attend SEC203")
    number = await waiting(app)
    assert "11:00-12:00" in await app.say("/session SEC203")
    assert await ask(app, f"/schedule apply file {number}") == UPDATED
    assert "12:00-13:00" in await app.say("/session SEC203")
    assert ("Mon 08:05", "ada", "session-changed") in await app.wait(minutes=10)
    assert await ask(app, f"/schedule apply file {number}") == GONE


async def test_a_path_on_the_console_needs_no_keyword(uploading: AppHarness) -> None:
    assert (await ask(uploading, "/schedule upload talks.xlsx")).startswith("talks.xlsx would change the schedule:")


async def test_without_a_file_there_is_a_form(app: AppHarness) -> None:
    reply = await app.ask("/schedule upload", organizer=True)
    assert app.text(reply) == (
        "Which file? Choose a schedule file: CSV, Excel (.xlsx), iCalendar, JSON or XML.\n"
        "→ /schedule upload <file> <as> <zone>"
    )
    assert reply.buttons[0].asks == ("file", "as", "zone")


async def test_a_file_can_be_put_away(uploading: AppHarness) -> None:
    number = await waiting(uploading)
    answer = await ask(uploading, f"/schedule keep file {number}")
    assert answer == "I keep the old schedule, and the file is deleted.\n→ /schedule status"
    assert await ask(uploading, f"/schedule apply file {number}") == GONE


async def test_the_name_of_a_file_is_text_in_one_line(uploading: AppHarness) -> None:
    uploading.attach("a\u202eb\n\x00c" + "x" * 300, b"1")
    (name,) = [file for file in uploading.files if file.startswith("a")]
    uploading.files["f"] = uploading.files[name]
    first = (await ask(uploading, "/schedule upload f")).splitlines()[0]
    assert first == f"a b c{'x' * 95} would change the schedule:"


async def test_a_file_that_says_the_same_is_not_kept(app: AppHarness) -> None:
    app.feed.publish(*SESSIONS)
    app.attach("talks.csv", b"1")
    same = "talks.csv changes nothing: the schedule says the same.\n→ /schedule status"
    assert await ask(app, "/schedule upload talks.csv") == same


async def test_a_file_that_cannot_be_read_or_is_too_large_is_refused_in_one_sentence(app: AppHarness) -> None:
    app.attach("talks.pdf", b"%PDF")
    assert await ask(app, "/schedule upload talks.pdf") == "talks.pdf is in no format that is known here."
    large = "talks.csv is larger than 8 MB, the limit for a schedule: split it."
    app.attach("talks.csv", b"", MAX_FILE + 1)
    assert await ask(app, "/schedule upload talks.csv") == large
    app.attach("talks.csv", bytes(MAX_FILE + 1), 10)
    assert await ask(app, "/schedule upload talks.csv") == large


async def test_a_file_that_lost_much_says_so_and_is_applied_all_the_same(app: AppHarness) -> None:
    app.feed.publish(ARC)
    app.attach("talks.csv", b"1")
    answer = await ask(app, "/schedule upload talks.csv")
    assert "waiting for a decision: This import would remove 4 of 5 sessions" in answer
    number = answer.partition("apply file ")[2].partition(" ")[0]
    assert "0 added, 0 changed, 4 removed" in await ask(app, f"/schedule apply file {number}")


async def test_remarks_of_the_file_are_shown_with_the_difference(app: AppHarness) -> None:
    skipped = [Remark(f"line {n}", "it has no title") for n in range(2, 7)]
    app.feed.editions.append(draft(*CHANGED, skipped=skipped, warnings=[Remark("dates", "a guess")]))
    app.attach("talks.csv", b"1")
    assert "5 rows are skipped:\nline 2: it has no title\nline 3: it has no title\nline 4: it has no title\n" in (
        answer := await ask(app, "/schedule upload talks.csv")
    )
    assert "… and 2 more\n1 guess:\ndates: a guess\n" in answer


async def test_a_schedule_that_changed_meanwhile_is_shown_again_before_it_is_replaced(uploading: AppHarness) -> None:
    number = await waiting(uploading)
    await ask(uploading, "/schedule apply KEY001 room Hall 1")
    reply = await uploading.ask(f"/schedule apply file {number}", organizer=True)
    assert uploading.text(reply).startswith("The schedule has changed since. Now the file would change this:\n")
    assert await uploading.press(reply, "Apply", organizer=True) == UPDATED
    assert "Hall 1" in await uploading.say("/session KEY001")


async def test_a_file_belongs_to_its_community_and_waits_for_a_day(uploading: AppHarness) -> None:
    number = await waiting(uploading)
    uploading.tenant = "other"
    assert await ask(uploading, f"/schedule apply file {number}") == GONE
    uploading.tenant = "club"
    uploading.clock.move_to(at(8) + timedelta(days=1, minutes=1))
    assert await ask(uploading, f"/schedule apply file {number}") == GONE
    assert await ask(uploading, "/schedule apply file:x") == "I don't have this file. Upload it again: /schedule upload"


async def test_a_feed_that_goes_on_is_said(uploading: AppHarness) -> None:
    async with uploading.store.write_transaction() as work:
        await work.feeds.save(Feed("cloud21", "https://cloud.example/s.json", at(8)))
    answer = await ask(uploading, "/schedule upload talks.xlsx")
    assert "This conference follows https://cloud.example/s.json: its next new version replaces the file." in answer


async def test_a_schedule_of_several_communities_is_changed_by_the_operator_only(uploading: AppHarness) -> None:
    uploading.tenant = "other"
    await uploading.all("/conference cloud21", "/attend ARC301")
    uploading.tenant = "club"
    operator = "Other communities use this schedule too, so only the operator can change its source."
    assert await ask(uploading, "/schedule upload talks.xlsx") == operator
    assert await ask(uploading, "/schedule edit ARC301 cancel") == operator
    assert await ask(uploading, "/schedule apply ARC301 cancel") == operator


async def test_a_new_conference_begins_with_a_file() -> None:
    app = AppHarness()
    app.feed.publish(*SESSIONS)
    app.attach("talks.csv", b"1")
    assert "needs a short name" in await ask(app, "/schedule upload talks.csv")
    reply = await app.ask("/schedule upload talks.csv as mine zone Europe/Brussels", organizer=True)
    assert app.text(reply).startswith("talks.csv would change the schedule:\n5 added, 0 changed, 0 removed (test)\n")
    applied = await app.press(reply, "Apply", organizer=True)
    assert applied.endswith("→ /conference mine · /schedule status")
    assert "Cloud 21: 5 sessions, from a file." in await ask(app, "/schedule")
