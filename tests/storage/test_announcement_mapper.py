"""Announcements as rows: what an older Hallway kept is read too."""

from bot.domain.announcements.announcement import Announcement, Words
from bot.storage.mappers.announcements import announcement_of, announcement_row
from tests.builders import at


def test_what_was_kept_before_communities_could_be_linked_is_read() -> None:
    made = Announcement(7, 1, 2, Words("Lunch"), at(8))
    row = announcement_row(made)
    del row["body"]["skipped"]
    values = [row[name] for name in ("community", "stage", "urgent", "confirmed_at", "body")]
    assert announcement_of((made.id, *values)) == made
