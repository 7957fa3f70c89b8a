"""The interfaces that the application needs, implemented by stores, messengers and clocks.

A port has no optional members. The SQL stores and the memory store of the tests pass the same contract tests.
"""

from bot.app.ports.addresses import Addresses
from bot.app.ports.announcements import (
    AnnouncementDeliveries,
    Announcements,
    AudienceCount,
    Audiences,
    DeliveryStats,
)
from bot.app.ports.attendances import Attendances, Fellow
from bot.app.ports.blocks import Blocks
from bot.app.ports.clock import Clock, Indexer, SearchIndex, Timer
from bot.app.ports.communities import Communities
from bot.app.ports.conferences import ConferenceRecord, Conferences
from bot.app.ports.dead_letters import DISCARDED, DeadLetter, DeadLetterQueue, Waiting
from bot.app.ports.delivery import (
    ANSWERED,
    CONNECTING,
    POSSIBLY_SENT,
    REPLACED,
    TOO_LATE,
    ChannelRecipient,
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
    PersonRecipient,
    RateLimitedError,
    Receipt,
    Recipient,
    RecipientUnreachableError,
    SearchableMessenger,
    SendError,
    TemporaryError,
)
from bot.app.ports.delivery_backlog import Backlog
from bot.app.ports.edits import EditResult, ScheduleEditor, SessionEdits, UploadedCopies, UploadResult
from bot.app.ports.feedback import SessionFeedback
from bot.app.ports.feeds import Copy, FeedManager, Feeds, Fetcher, HeldCopies, Parser, PollResult, Validators
from bot.app.ports.installations import CipherError, Installation, Installations, OAuthStates, SecretCipher
from bot.app.ports.key_value import IdempotencyKeys, KeyValueStore
from bot.app.ports.leases import Lease, Leases
from bot.app.ports.links import Links
from bot.app.ports.numbers import LATE_AFTER, NudgeCount, NudgeOutcome, Numbers, PeopleCount
from bot.app.ports.people import People
from bot.app.ports.permissions import MAX_REFUSED_ENTRIES, Audit, Organizers
from bot.app.ports.pictures import DayPicture, Look, MapVenue, Painter
from bot.app.ports.store import Commits, Store, UnitOfWork
from bot.app.ports.walks import Promise, WalkCounts

__all__ = [
    "ANSWERED",
    "CONNECTING",
    "DISCARDED",
    "LATE_AFTER",
    "MAX_REFUSED_ENTRIES",
    "POSSIBLY_SENT",
    "REPLACED",
    "TOO_LATE",
    "Addresses",
    "AnnouncementDeliveries",
    "Announcements",
    "Attendances",
    "AudienceCount",
    "Audiences",
    "Audit",
    "Backlog",
    "Blocks",
    "ChannelRecipient",
    "CipherError",
    "Clock",
    "Commits",
    "Communities",
    "ConferenceRecord",
    "Conferences",
    "Copy",
    "DayPicture",
    "DeadLetter",
    "DeadLetterQueue",
    "Deliveries",
    "Delivery",
    "DeliveryFilter",
    "DeliveryState",
    "DeliveryStats",
    "DeliveryUnknownError",
    "EditResult",
    "FeedManager",
    "Feeds",
    "Fellow",
    "Fetcher",
    "HeldCopies",
    "IdempotencyKeys",
    "Indexer",
    "Installation",
    "Installations",
    "InvalidMessageError",
    "KeyValueStore",
    "Lane",
    "Lease",
    "Leases",
    "Links",
    "Look",
    "MapVenue",
    "Messenger",
    "NudgeCount",
    "NudgeOutcome",
    "Numbers",
    "OAuthStates",
    "Organizers",
    "Outcome",
    "Outlet",
    "Painter",
    "Parser",
    "People",
    "PeopleCount",
    "Permissions",
    "PersonRecipient",
    "PollResult",
    "Promise",
    "RateLimitedError",
    "Receipt",
    "Recipient",
    "RecipientUnreachableError",
    "ScheduleEditor",
    "SearchIndex",
    "SearchableMessenger",
    "SecretCipher",
    "SendError",
    "SessionEdits",
    "SessionFeedback",
    "Store",
    "TemporaryError",
    "Timer",
    "UnitOfWork",
    "UploadResult",
    "UploadedCopies",
    "Validators",
    "Waiting",
    "WalkCounts",
]
