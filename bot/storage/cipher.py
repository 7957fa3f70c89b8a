"""Seals secrets by `cryptography`'s Fernet: AES-128-CBC with an HMAC, under one of several keys."""

import json
from dataclasses import dataclass, field
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.app.ports import CipherError

NO_KEY = (
    "HALLWAY_SECRET_KEY holds no key: make one with `openssl rand -base64 32`; "
    "several are separated by commas, the newest first."
)
WRONG_KEY = "a secret in the database was sealed with another key: add that key to the end of HALLWAY_SECRET_KEY."
WRONG_OWNER = "a secret in the database was sealed for somebody else: install Hallway there again."


@dataclass(frozen=True, slots=True)
class FernetCipher:
    """`ports.Seal`; the owner stands inside what is sealed, so that a row cannot be passed off as another's."""

    keys: tuple[Fernet, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        """By keys of 32 bytes in base 64, separated by commas or spaces, the newest first; raises `CipherError`."""
        try:
            keys = tuple(Fernet(key) for key in text.replace(",", " ").split())
        except ValueError:
            raise CipherError(NO_KEY) from None
        if not keys:
            raise CipherError(NO_KEY)
        return cls(keys)

    def close(self, owner: str, secret: str) -> str:
        """With the newest key."""
        return self.keys[0].encrypt(json.dumps([owner, secret]).encode()).decode()

    def open(self, owner: str, sealed: str) -> str:
        """With whichever key fits."""
        try:
            found, secret = json.loads(MultiFernet(self.keys).decrypt(sealed.encode()))
        except InvalidToken:
            raise CipherError(WRONG_KEY) from None
        if found != owner:
            raise CipherError(WRONG_OWNER)
        return str(secret)

    def is_newest(self, sealed: str) -> bool:
        """Whether the first key opens it."""
        try:
            self.keys[0].decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True
