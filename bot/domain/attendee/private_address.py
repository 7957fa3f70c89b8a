"""The private address of an attendee: a secret in the path of a page and of a calendar.

The database has only a hash of the secret. If the operator has set a key, the secret is made from that key and a random
salt, so the same person can be shown the same address again; without a key it is shown once.
"""

import hmac
from base64 import b32encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

SECRET_BYTES = 16
"""128 bits: nobody finds an address by trying."""
SECRET_CHARACTERS = 26
"""Characters of a secret: 128 bits in base 32 (RFC 4648), in small letters and without padding."""
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz234567")
_FORM = b"hallway form"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event as a subscribed calendar has it, with the facts needed to change or cancel it.

    Attributes:
        digest: a hash of everything that the event shows.
        sequence: rises with every change, as calendars expect it.
        changed_at: when the event last changed.
        starts_at: the start of the event, needed to cancel it.
        ends_at: the end of the event; some time after it the event is deleted.
        title: the title of the event.
        cancelled: whether the calendar was informed of a cancellation.
    """

    digest: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class PrivateAddress:
    """A private address as it is stored.

    Attributes:
        digest: SHA-256 of the secret, in hexadecimal.
        salt: random bytes in hexadecimal; the secret is made from them if the operator has set a key.
        made_at: when the attendee got this address.
        events: the events that subscribed calendars have, by UID.
    """

    digest: str
    salt: str
    made_at: datetime
    events: Mapping[str, CalendarEvent] = field(default_factory=dict)


def digest_of(secret: str) -> str:
    """Return the hash under which an address is stored."""
    return sha256(secret.encode()).hexdigest()


def new_secret(random: bytes, keys: Iterable[str]) -> str:
    """Return a secret of 128 bits: from the first of `keys` and `random` if there is a key, else `random` itself."""
    for key in keys:
        return _derived(key, random)
    return _written(random)


def secret_again(address: PrivateAddress, keys: Iterable[str]) -> str | None:
    """Return the secret of a stored address; None if none of `keys` made it."""
    secrets = (_derived(key, bytes.fromhex(address.salt)) for key in keys)
    return next((secret for secret in secrets if digest_of(secret) == address.digest), None)


def form_token(secret: str) -> str:
    """Return the token with which a page shows that a change comes from the page at this address."""
    return hmac.new(secret.encode(), _FORM, sha256).hexdigest()


def is_form_token(token: str, secret: str) -> bool:
    """Whether `token` is the address's token; takes constant time, so that the time reveals nothing."""
    return hmac.compare_digest(token.encode(), form_token(secret).encode())


def is_secret(text: str) -> bool:
    """Whether `text` has the form of a secret, so that it is worth a database query."""
    return len(text) == SECRET_CHARACTERS and _ALPHABET.issuperset(text)


def _derived(key: str, salt: bytes) -> str:
    return _written(hmac.new(key.encode(), b"hallway address" + salt, sha256).digest()[:SECRET_BYTES])


def _written(random: bytes) -> str:
    return b32encode(random).decode().rstrip("=").lower()
