"""The tables, one module for each aggregate. The migrations are tested to be equal to these."""

from bot.storage.tables.addresses import private_address
from bot.storage.tables.announcements import announcement
from bot.storage.tables.attendances import attendance
from bot.storage.tables.blocks import block
from bot.storage.tables.communities import community
from bot.storage.tables.conferences import conference, leg, organizer_change, room_way, session, topic, venue, way
from bot.storage.tables.deliveries import delivery
from bot.storage.tables.edits import session_edit, uploaded_copy
from bot.storage.tables.feedback import feedback
from bot.storage.tables.feeds import feed, held_copy
from bot.storage.tables.installations import handshake, installation
from bot.storage.tables.key_value import claim, mark
from bot.storage.tables.leases import lane_lease
from bot.storage.tables.links import link, link_offer
from bot.storage.tables.people import attendee
from bot.storage.tables.permissions import deed, organizer
from bot.storage.tables.schema import metadata
from bot.storage.tables.walks import walk_cell, walk_key, walk_promise, walk_voice

__all__ = [
    "announcement",
    "attendance",
    "attendee",
    "block",
    "claim",
    "community",
    "conference",
    "deed",
    "delivery",
    "feed",
    "feedback",
    "handshake",
    "held_copy",
    "installation",
    "lane_lease",
    "leg",
    "link",
    "link_offer",
    "mark",
    "metadata",
    "organizer",
    "organizer_change",
    "private_address",
    "room_way",
    "session",
    "session_edit",
    "topic",
    "uploaded_copy",
    "venue",
    "walk_cell",
    "walk_key",
    "walk_promise",
    "walk_voice",
    "way",
]
