"""Encrypts secrets with Fernet of the package `cryptography`: AES-128-CBC with an HMAC, and key rotation."""

import json
from dataclasses import dataclass, field
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from typing_extensions import override

from bot.app.ports import CipherError, SecretCipher

NO_KEY = (
    "HALLWAY_SECRET_KEY holds no key: make one with `openssl rand -base64 32`; "
    "several are separated by commas, the newest first."
)
WRONG_KEY = "a secret in the database was sealed with another key: add that key to the end of HALLWAY_SECRET_KEY."
WRONG_OWNER = "a secret in the database was sealed for somebody else: install Hallway there again."


@dataclass(frozen=True, slots=True)
class FernetCipher(SecretCipher):
    """`ports.SecretCipher` with Fernet.

    The owner is encrypted together with the secret, so that a row copied to another owner cannot be decrypted.
    """

    keys: tuple[Fernet, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        """Parse the keys.

        Args:
            text: keys of 32 bytes in base 64, separated by commas or spaces, the newest first.

        Raises:
            CipherError: a key is malformed, or there is none.
        """
        try:
            keys = tuple(Fernet(key) for key in text.replace(",", " ").split())
        except ValueError:
            raise CipherError(NO_KEY) from None
        if not keys:
            raise CipherError(NO_KEY)
        return cls(keys)

    @override
    def encrypt(self, owner: str, secret: str) -> str:
        return self.keys[0].encrypt(json.dumps([owner, secret]).encode()).decode()

    @override
    def decrypt(self, owner: str, sealed: str) -> str:
        try:
            sealed_for, secret = json.loads(MultiFernet(self.keys).decrypt(sealed.encode()))
        except InvalidToken:
            raise CipherError(WRONG_KEY) from None
        if sealed_for != owner:
            raise CipherError(WRONG_OWNER)
        return str(secret)

    @override
    def is_newest(self, sealed: str) -> bool:
        try:
            self.keys[0].decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True
