"""Who somebody is in their workspace: what they are called, their time zone, and whether they run it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from cachetools import TTLCache
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.oauth.token import Workspace
from adapters.slack.web_client import MissingScopeError, SlackError, told

FRESH, GOOD = 600.0, 3600.0
"""Seconds after which Slack is asked again, and for which its last answer counts while it gives no other."""
MOST_KNOWN = 20_000
NOBODY = frozenset({"user_not_found", "user_not_visible"})
PAUSE = 5.0
"""Seconds without questions in a workspace where one was not answered."""

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a workspace; `zone` is the name of a time zone, as Slack gives it. Admins and owners organize."""

    name: str = ""
    zone: str = ""
    organizer: bool = False


STRANGER = Person()
"""Somebody of whom Slack does not tell: an organizer only if it says so."""


@dataclass(slots=True)
class People:
    """Asks `users.info`, and keeps the answers for some minutes. `timer` is monotonic, in seconds."""

    client: AsyncWebClient = field(repr=False)
    timer: Callable[[], float] = time.monotonic
    _answers: TTLCache[tuple[str, str], tuple[float, Person], float] = field(init=False, repr=False)
    _paused: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """An answer is stored with the time at which Slack gave it."""
        self._answers = TTLCache(MOST_KNOWN, GOOD, timer=self.timer)

    async def person(self, workspace: Workspace, user: str, *, anew: bool = False) -> Person:
        """Who `user` is; raises nothing: who cannot be asked about is as last known, or a stranger.

        `anew`: whoever organizes by the last answer is asked for again, so that a right that was taken is gone at once.
        """
        key, now = (workspace.team, user), self.timer()
        asked_at, known = self._answers.get(key, (now - FRESH, STRANGER))
        if now - asked_at < FRESH and not (anew and known.organizer):
            return known
        if now >= self._paused.get(workspace.team, now):
            try:
                answer = await told(self.client.users_info(token=workspace.token, user=user))
            except SlackError as fault:
                if isinstance(fault, MissingScopeError) and fault.code in NOBODY:
                    return self._keep(key, now, STRANGER)
                wait = fault.wait if isinstance(fault, MissingScopeError) else 0
                self._paused[workspace.team] = now + max(wait, PAUSE)
                log.warning("somebody could not be looked up", team=workspace.team, fault=str(fault))
            else:
                return self._keep(key, now, person_of(answer))
        return known

    def _keep(self, key: tuple[str, str], now: float, person: Person) -> Person:
        self._answers[key] = (now, person)
        return person


def person_of(answer: Mapping[str, Any]) -> Person:
    """Who an answer of `users.info` is about."""
    user = answer.get("user")
    if not isinstance(user, Mapping):
        return STRANGER
    profile = user.get("profile")
    names = (*((profile.get("display_name"),) if isinstance(profile, Mapping) else ()), user.get("real_name"))
    name = next((each for each in (*names, user.get("name")) if isinstance(each, str) and each), "")
    zone = user.get("tz")
    runs = True in (user.get("is_admin"), user.get("is_owner"), user.get("is_primary_owner"))
    return Person(name, zone if isinstance(zone, str) else "", runs and user.get("deleted") is not True)
