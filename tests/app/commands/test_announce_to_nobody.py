"""What an organizer sees of an announcement that nobody gets: the warning before, and no bar or recall after."""

import pytest

from tests.fakes.app_harness import AppHarness


async def drafted(app: AppHarness, line: str) -> tuple[str, str]:
    """The preview without its numbers, and the number of the announcement."""
    reply = await app.ask(line, organizer=True)
    number = reply.buttons[0].arguments["number"]
    return app.text(reply).replace(f"Announcement {number}", "Announcement"), number


async def shown(app: AppHarness, number: str) -> tuple[str, list[str]]:
    reply = await app.ask(f"/announce show {number}", organizer=True)
    return app.text(reply).replace(f"Announcement {number}", "Announcement"), [button.label for button in reply.buttons]


async def test_an_announcement_to_nobody_warns_before_it_is_confirmed(app: AppHarness) -> None:
    await app.talk_to("bob", "/attend ARC301")
    assert (await drafted(app, '/announce "Hi" to everyone by dm'))[0].startswith(
        "Nobody gets this as it is now. The people it is for haven't turned announcements on. Post it in a channel: "
        "add by both and in #general.\nAnnouncement isn't sent yet."
    )
    assert (await drafted(app, '/announce "Hi" to going DAT310 by dm'))[0].startswith(
        "Nobody gets this as it is now. Choose a wider audience with to everyone.\nAnnouncement isn't sent yet."
    )
    assert (await drafted(app, '/announce "Hi" to everyone by both in #general'))[0].startswith(
        "Nobody gets this as a direct message. Only the channel shows it.\nAnnouncement isn't sent yet."
    )


@pytest.mark.parametrize("line", ['/announce "Hi" to everyone in #general', '/announce "Hi" to everyone by dm'])
async def test_an_announcement_that_somebody_gets_has_no_warning(app: AppHarness, line: str) -> None:
    await app.talk_to("bob", "/news on")
    assert (await drafted(app, line))[0].startswith("Announcement isn't sent yet.")


async def test_a_cancelled_announcement_shows_no_bar_and_nothing_to_recall(app: AppHarness) -> None:
    _, number = await drafted(app, '/announce "Hi" to everyone in #general at 14:00')
    await app.say(f"/announce confirm {number}", organizer=True)
    await app.say(f"/announce cancel {number}", organizer=True)
    text, buttons = await shown(app, number)
    assert text.startswith("Announcement was cancelled.\nNothing was sent.\n")
    assert "█" not in text
    assert buttons == ["Report"]


async def test_what_was_sent_before_the_cancellation_can_be_recalled(app: AppHarness) -> None:
    await app.talk_to("bob", "/news on", "/nudges quiet 07:00-09:00")
    await app.talk_to("cy", "/news on")
    _, number = await drafted(app, '/announce "Hi" to everyone by dm')
    await app.say(f"/announce confirm {number}", organizer=True)
    await app.wait(minutes=1)
    await app.say(f"/announce cancel {number}", organizer=True)
    text, buttons = await shown(app, number)
    assert text.startswith("Announcement was cancelled.\nSent: 1. Not sent: 1.\n")
    assert buttons == ["Report", "Recall"]


async def test_the_moment_before_a_session_names_its_title(app: AppHarness) -> None:
    draft, _ = await drafted(app, '/announce "Hi" to everyone in #general at 10m before ARC301')
    assert '10 min before "Queues that never sleep" starts' in draft


async def test_whoever_discards_a_draft_reads_it_once(app: AppHarness) -> None:
    _, number = await drafted(app, '/announce "Hi" to everyone in #general')
    assert await app.say(f"/announce cancel {number}", organizer=True) == (
        f"Cancelled. Nothing was sent.\n→ /announce show {number}"
    )
    await app.wait(minutes=1)
    assert app.messages() == []
