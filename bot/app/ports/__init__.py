"""What the application needs from the world, each as a short noun. Stores keep, messengers send, the clock tells.

Every port is small and has no optional members; the memory store and the SQL stores pass one contract suite.
"""

from bot.app.ports.delivery import (
    Deliveries,
    Delivery,
    DeliveryState,
    Messenger,
    NotNow,
    Outcome,
    Refused,
    Scope,
    SendFault,
    Spoilt,
    Unsure,
)
from bot.app.ports.store import Attendances, Communities, Conferences, Fellow, Marks, People, Store, Work
from bot.app.ports.world import Alarm, Clock, Indexer, SearchIndex

__all__ = [
    "Alarm",
    "Attendances",
    "Clock",
    "Communities",
    "Conferences",
    "Deliveries",
    "Delivery",
    "DeliveryState",
    "Fellow",
    "Indexer",
    "Marks",
    "Messenger",
    "NotNow",
    "Outcome",
    "People",
    "Refused",
    "Scope",
    "SearchIndex",
    "SendFault",
    "Spoilt",
    "Store",
    "Unsure",
    "Work",
]
