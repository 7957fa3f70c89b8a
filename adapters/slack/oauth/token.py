"""The token that Slack gives for an installation, and how it is stored: encrypted, under its tenant's id."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from adapters.slack.web_client import SlackError
from bot.app.ports import Installation, SecretCipher

PLATFORM = "slack"
UNREADABLE = "Slack's answer to an installation cannot be read: try again, then look whether there is a newer Hallway."


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace and our token in it; `enterprise` is its organization, "" if it has none.

    If Hallway is installed in a whole organization, `team` is "" in `Workspaces.all`, and the requested workspace in
    `Workspaces.find`.
    """

    team: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class OAuthToken:
    """The token of a workspace or, if `team` is "", of the whole organization `enterprise`.

    `ends_at` is None and `refresh` "" if the token does not expire. `since` is the time of the installation, in seconds
    since 1970. The names of the fields are stored in the database: do not rename them.
    """

    team: str
    enterprise: str
    name: str
    bot_user: str
    token: str = field(repr=False)
    refresh: str = field(repr=False)
    since: float
    ends_at: datetime | None = None

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any], now: datetime, previous: Self | None = None) -> Self:
        """Read an answer of `oauth.v2.access`.

        Args:
            answer: the data of the answer.
            now: when it was received.
            previous: the token that it renews; its tenant, name and time of installation are kept.

        Raises:
            SlackError: the answer has no usable token, or it is for another tenant than `previous`.
        """
        whole_organization = answer.get("is_enterprise_install") is True
        team_id, team_name = _id_and_name(answer, "team")
        enterprise_id, enterprise_name = _id_and_name(answer, "enterprise")
        tenant = enterprise_id if whole_organization else team_id
        token, refresh = _text(answer, "access_token"), _text(answer, "refresh_token")
        seconds = answer.get("expires_in")
        if not token or not tenant or not isinstance(seconds, int | None) or (refresh and not seconds):
            raise SlackError(UNREADABLE)
        if previous and tenant != previous.tenant:
            raise SlackError(UNREADABLE)
        return cls(
            team=previous.team if previous else "" if whole_organization else team_id,
            enterprise=enterprise_id,
            name=previous.name if previous else enterprise_name if whole_organization else team_name,
            bot_user=_text(answer, "bot_user_id") or (previous.bot_user if previous else ""),
            token=token,
            refresh=refresh,
            since=previous.since if previous else now.timestamp(),
            ends_at=now + timedelta(seconds=seconds) if seconds and refresh else None,
        )

    @property
    def tenant(self) -> str:
        """The id of the workspace or organization that the token is for."""
        return self.team or self.enterprise

    def workspace(self, team: str = "") -> Workspace:
        """Return the token's workspace; for a token of an organization, its workspace `team`."""
        return Workspace(self.team or team, self.name, self.token, self.bot_user, self.enterprise)

    def encrypted(self, cipher: SecretCipher) -> Installation:
        """Return the token as it is stored."""
        secret = {name: value for name, value in asdict(self).items() if name != "ends_at"}
        sealed = cipher.encrypt(_owner(self.tenant), json.dumps(secret))
        return Installation(PLATFORM, self.tenant, sealed, ends_at=self.ends_at)

    @classmethod
    def decrypted(cls, cipher: SecretCipher, installation: Installation) -> Self:
        """Return the token of a stored installation; raises `CipherError`."""
        secret = json.loads(cipher.decrypt(_owner(installation.tenant), installation.sealed))
        return cls(**secret, ends_at=installation.ends_at)


def _owner(tenant: str) -> str:
    return f"{PLATFORM} {tenant}"


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def _id_and_name(answer: Mapping[str, Any], key: str) -> tuple[str, str]:
    """Return the id and the name of a team or an enterprise, both "" if the answer has none."""
    value = answer.get(key)
    return (_text(value, "id"), _text(value, "name")) if isinstance(value, Mapping) else ("", "")
