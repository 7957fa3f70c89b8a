"""Why a person gets an announcement: titles and days as people call them, no codes."""

import pytest

from bot.app.text.announcement_reason import reason_text
from bot.domain.announcements.audience import Audience, Term, Who
from tests.builders import schedule


@pytest.mark.parametrize(
    ("some", "reason"),
    [
        ([], ""),
        ([Term(Who.GOING, "arc301")], 'you go to "Queues that never sleep"'),
        ([Term(Who.GOING, "gone")], "you go to gone"),
        (
            [Term(Who.HOTEL, "Venetian"), Term(Who.TRACK, "Data")],
            "you stay in Venetian and you go to sessions on Data",
        ),
        ([Term(Who.NEXT, "MGM Grand")], "your next session is in MGM Grand"),
        ([Term(Who.BACKUPS, "sec203")], '"Keys, locks and doors" is in your plans as a backup, or has one'),
        ([Term(Who.DAY, "2021-11-29")], "you go to sessions on Mon 29 Nov"),
        ([Term(Who.DAY, "someday")], "you go to sessions on someday"),
        ([Term(Who.ORGANIZERS)], "you are an organizer"),
    ],
)
def test_the_reason_has_no_codes_and_no_dates_of_a_computer(some: list[Term], reason: str) -> None:
    assert reason_text(Audience(tuple(some)), schedule()) == reason
