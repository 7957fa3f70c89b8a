"""What the application needs from the world, each as a short noun. Stores keep, messengers send, the clock tells.

Every port is small and has no optional members; the memory store and the SQL stores pass one contract suite.
"""

from bot.app.ports.announcements import (
    AnnouncementDeliveries,
    Announcements,
    Audiences,
    Crowd,
    DeliveryStats,
)
from bot.app.ports.clock import Clock, Indexer, SearchIndex, Timer
from bot.app.ports.dead_letters import DROPPED, DeadLetter, DeadLetterQueue, Waiting
from bot.app.ports.delivery import (
    CONNECTING,
    DOUBT,
    TOO_LATE,
    Deliveries,
    Delivery,
    DeliveryFilter,
    DeliveryState,
    DeliveryUnknownError,
    InvalidMessageError,
    Lane,
    Messenger,
    Outcome,
    Outlet,
    Permissions,
    RateLimitedError,
    Receipt,
    RecipientUnreachableError,
    SendError,
    TemporaryError,
)
from bot.app.ports.feeds import Copy, Desk, Feeds, Fetcher, HeldCopies, Parser, PollResult, Validators
from bot.app.ports.installations import CipherError, Installation, Installations, OAuthStates, SecretCipher
from bot.app.ports.lanes import Backlog, Lease, Leases
from bot.app.ports.links import Links
from bot.app.ports.permissions import MOST_REFUSED, Audit, Organizers
from bot.app.ports.store import Attendances, Communities, Conferences, Fellow, KeyValueStore, People, Store, UnitOfWork

__all__ = [
    "CONNECTING",
    "DOUBT",
    "DROPPED",
    "MOST_REFUSED",
    "TOO_LATE",
    "AnnouncementDeliveries",
    "Announcements",
    "Attendances",
    "Audiences",
    "Audit",
    "Backlog",
    "CipherError",
    "Clock",
    "Communities",
    "Conferences",
    "Copy",
    "Crowd",
    "DeadLetter",
    "DeadLetterQueue",
    "Deliveries",
    "Delivery",
    "DeliveryFilter",
    "DeliveryState",
    "DeliveryStats",
    "DeliveryUnknownError",
    "Desk",
    "Feeds",
    "Fellow",
    "Fetcher",
    "HeldCopies",
    "Indexer",
    "Installation",
    "Installations",
    "InvalidMessageError",
    "KeyValueStore",
    "Lane",
    "Lease",
    "Leases",
    "Links",
    "Messenger",
    "OAuthStates",
    "Organizers",
    "Outcome",
    "Outlet",
    "Parser",
    "People",
    "Permissions",
    "PollResult",
    "RateLimitedError",
    "Receipt",
    "RecipientUnreachableError",
    "SearchIndex",
    "SecretCipher",
    "SendError",
    "Store",
    "TemporaryError",
    "Timer",
    "UnitOfWork",
    "Validators",
    "Waiting",
]
