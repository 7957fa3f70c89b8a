"""Secrets are sealed for one owner, by the newest of several keys."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.ports import CipherError
from bot.storage.cipher import NO_KEY, WRONG_KEY, WRONG_OWNER, FernetCipher

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (250, 251))
"""As `openssl rand -base64 32` writes them: with + and /."""


@given(st.text(), st.text())
def test_what_was_sealed_is_opened_for_its_owner_and_shows_nothing(owner: str, secret: str) -> None:
    seal = FernetCipher.of(NEW)
    sealed = seal.encrypt(owner, secret)
    assert seal.decrypt(owner, sealed) == secret
    assert len(secret) < 6 or secret not in sealed
    with pytest.raises(CipherError, match=WRONG_OWNER):
        seal.decrypt(owner + "x", sealed)


@pytest.mark.parametrize("text", [f"{NEW},{OLD}", f"{NEW} {OLD}", f" {NEW} ,\n{OLD} "])
def test_a_new_key_seals_and_the_old_one_still_opens(text: str) -> None:
    old, both = FernetCipher.of(OLD), FernetCipher.of(text)
    before, after = old.encrypt("T1", "xoxb-1"), both.encrypt("T1", "xoxb-1")
    assert both.decrypt("T1", before) == both.decrypt("T1", after) == "xoxb-1"
    assert (both.is_newest(before), both.is_newest(after)) == (False, True)
    with pytest.raises(CipherError, match=WRONG_KEY):
        old.decrypt("T1", after)


@pytest.mark.parametrize("spoilt", ["", "xoxb-in-clear", "gAAAAA==", "é"])
def test_what_nobody_sealed_is_not_opened(spoilt: str) -> None:
    with pytest.raises(CipherError, match=WRONG_KEY):
        FernetCipher.of(NEW).decrypt("T1", spoilt)


@pytest.mark.parametrize("text", ["", " , ", "secret", f"{NEW},short", NEW[:-8], "é" * 44])
def test_what_is_no_key_is_said_and_not_shown(text: str) -> None:
    with pytest.raises(CipherError) as caught:
        FernetCipher.of(text)
    assert str(caught.value) == NO_KEY
    assert "secret" not in str(caught.value)


def test_a_seal_shows_no_key() -> None:
    assert repr(FernetCipher.of(NEW)) == "FernetCipher()"
