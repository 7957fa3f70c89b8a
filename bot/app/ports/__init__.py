"""What the application needs from the world, each as a short noun. Stores keep, messengers send, the clock tells.

Every port is small and has no optional members; the memory store and the SQL stores pass one contract suite.
"""

from bot.app.ports.announcing import (
    Announcements,
    Audiences,
    Crowd,
    Mailings,
    Tally,
)
from bot.app.ports.delivery import (
    CONNECTING,
    DOUBT,
    TOO_LATE,
    Deliveries,
    Delivery,
    DeliveryState,
    Lane,
    Messenger,
    NotNow,
    Outcome,
    Outlet,
    Paused,
    Receipt,
    Refused,
    Scope,
    SendFault,
    Spoilt,
    Standing,
    Unsure,
)
from bot.app.ports.feeds import Copy, Desk, Feeds, Fetcher, HeldCopies, Parser, Round, Validators
from bot.app.ports.installations import Handshakes, Installation, Installations, Seal, SealFault
from bot.app.ports.lanes import Backlog, Lease, Leases
from bot.app.ports.ledger import DROPPED, Ledger, SetAside, Waiting
from bot.app.ports.linking import Links
from bot.app.ports.rights import MOST_REFUSED, Audit, Organizers
from bot.app.ports.store import Attendances, Communities, Conferences, Fellow, Marks, People, Store, Work
from bot.app.ports.world import Alarm, Clock, Indexer, SearchIndex

__all__ = [
    "CONNECTING",
    "DOUBT",
    "DROPPED",
    "MOST_REFUSED",
    "TOO_LATE",
    "Alarm",
    "Announcements",
    "Attendances",
    "Audiences",
    "Audit",
    "Backlog",
    "Clock",
    "Communities",
    "Conferences",
    "Copy",
    "Crowd",
    "Deliveries",
    "Delivery",
    "DeliveryState",
    "Desk",
    "Feeds",
    "Fellow",
    "Fetcher",
    "Handshakes",
    "HeldCopies",
    "Indexer",
    "Installation",
    "Installations",
    "Lane",
    "Lease",
    "Leases",
    "Ledger",
    "Links",
    "Mailings",
    "Marks",
    "Messenger",
    "NotNow",
    "Organizers",
    "Outcome",
    "Outlet",
    "Parser",
    "Paused",
    "People",
    "Receipt",
    "Refused",
    "Round",
    "Scope",
    "Seal",
    "SealFault",
    "SearchIndex",
    "SendFault",
    "SetAside",
    "Spoilt",
    "Standing",
    "Store",
    "Tally",
    "Unsure",
    "Validators",
    "Waiting",
    "Work",
]
