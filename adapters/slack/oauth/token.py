"""What Slack gives when somebody installs Hallway, and how it is kept: sealed, whole, under the tenant it is for."""

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
    """A workspace with our token there; `enterprise` is its organization, "" if it has none.

    Where Hallway is installed in a whole organization, `team` is "" in `Workspaces.all`, and the one asked for in
    `Workspaces.of`.
    """

    team: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class OAuthToken:
    """A token, and what renews it, for a workspace or, where `team` is "", for the whole organization `enterprise`.

    `ends_at` is None and `refresh` "" where tokens last. `since` is when it was installed, in seconds since 1970.
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
    def of(cls, answer: Mapping[str, Any], now: datetime, known: Self | None = None) -> Self:
        """By an answer of `oauth.v2.access`; `known` is the grant that it renews. Raises `SlackError`."""
        whole = answer.get("is_enterprise_install") is True
        team, org = _named(answer, "team"), _named(answer, "enterprise")
        token, user = _text(answer, "access_token"), _text(answer, "bot_user_id")
        refresh, seconds = _text(answer, "refresh_token"), answer.get("expires_in")
        tenant, name = org if whole else team
        if not token or not tenant or not isinstance(seconds, int | None) or (refresh and not seconds):
            raise SlackError(UNREADABLE)
        ends_at = now + timedelta(seconds=seconds) if seconds and refresh else None
        if known is None:
            return cls("" if whole else tenant, org[0], name, user, token, refresh, now.timestamp(), ends_at)
        if tenant != known.tenant:
            raise SlackError(UNREADABLE)
        return cls(known.team, org[0], known.name, user or known.bot_user, token, refresh, known.since, ends_at)

    @property
    def tenant(self) -> str:
        """The workspace or organization that it is for."""
        return self.team or self.enterprise

    def workspace(self, team: str = "") -> Workspace:
        """The workspace, or that one of the organization."""
        return Workspace(self.team or team, self.name, self.token, self.bot_user, self.enterprise)

    def sealed(self, seal: SecretCipher) -> Installation:
        """As it is stored."""
        secret = {name: value for name, value in asdict(self).items() if name != "ends_at"}
        sealed = seal.encrypt(_owner(self.tenant), json.dumps(secret))
        return Installation(PLATFORM, self.tenant, sealed, ends_at=self.ends_at)

    @classmethod
    def opened(cls, seal: SecretCipher, installation: Installation) -> Self:
        """The other way round; raises `CipherError`."""
        secret = json.loads(seal.decrypt(_owner(installation.tenant), installation.sealed))
        return cls(**secret, ends_at=installation.ends_at)


def _owner(tenant: str) -> str:
    return f"{PLATFORM} {tenant}"


def _text(answer: Mapping[str, Any], name: str) -> str:
    found = answer.get(name)
    return found if isinstance(found, str) else ""


def _named(answer: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The id and the name of a team or an enterprise; both "" where there is none."""
    found = answer.get(name)
    return (_text(found, "id"), _text(found, "name")) if isinstance(found, Mapping) else ("", "")
