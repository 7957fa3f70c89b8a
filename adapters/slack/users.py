"""Looks up users of a workspace: their name, their time zone, and whether they run the workspace."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from cachetools import TTLCache
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.oauth.token import Workspace
from adapters.slack.web_client import SlackError, SlackRefusedError, checked_data

FRESH, USABLE = 600.0, 3600.0
"""Seconds after which Slack is asked again, and for which an older answer is used while Slack gives no new one."""
CACHE_SIZE = 20_000
USER_NOT_FOUND = frozenset({"user_not_found", "user_not_visible"})
PAUSE = 5.0
"""Seconds without lookups in a workspace after one failed."""

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A user of a workspace; `zone` is the name of a time zone, `locale` such as `en-US`.

    Admins and owners of the workspace are organizers.
    """

    name: str = ""
    zone: str = ""
    organizer: bool = False
    locale: str = ""


UNKNOWN_USER = SlackUser()
"""A user about whom Slack gives no answer: never an organizer."""


@dataclass(slots=True)
class UserDirectory:
    """Asks `users.info` and caches the answers. `timer` is monotonic, in seconds."""

    client: AsyncWebClient = field(repr=False)
    timer: Callable[[], float] = time.monotonic
    _answers: TTLCache[tuple[str, str], tuple[float, SlackUser], float] = field(init=False, repr=False)
    _paused_until: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """An answer is cached with the time at which Slack gave it."""
        self._answers = TTLCache(CACHE_SIZE, USABLE, timer=self.timer)

    async def get(self, workspace: Workspace, user: str, *, recheck_organizer: bool = False) -> SlackUser:
        """Return a user. Never raises: if Slack does not answer, its last answer counts, else `UNKNOWN_USER`.

        Args:
            workspace: where to look.
            user: the user's id in Slack.
            recheck_organizer: ask again about a user who is an organizer by the cached answer, so that a right that
                was taken away is lost at once.
        """
        key, now = (workspace.team, user), self.timer()
        asked_at, cached = self._answers.get(key, (now - FRESH, UNKNOWN_USER))
        if now - asked_at < FRESH and not (recheck_organizer and cached.organizer):
            return cached
        if now < self._paused_until.get(workspace.team, now):
            return cached
        try:
            answer = await checked_data(self.client.users_info(token=workspace.token, user=user, include_locale=True))
        except SlackError as fault:
            if not (isinstance(fault, SlackRefusedError) and fault.code in USER_NOT_FOUND):
                self._pause(workspace.team, fault, now)
                return cached
            slack_user = UNKNOWN_USER
        else:
            slack_user = parse_user(answer)
        self._answers[key] = (now, slack_user)
        return slack_user

    def _pause(self, team: str, fault: SlackError, now: float) -> None:
        wait = fault.wait if isinstance(fault, SlackRefusedError) else 0
        self._paused_until[team] = now + max(wait, PAUSE)
        log.warning("somebody could not be looked up", team=team, fault=str(fault))


def parse_user(answer: Mapping[str, Any]) -> SlackUser:
    """Return the user in an answer of `users.info`."""
    user = answer.get("user")
    if not isinstance(user, Mapping):
        return UNKNOWN_USER
    profile = user.get("profile")
    names = (*((profile.get("display_name"),) if isinstance(profile, Mapping) else ()), user.get("real_name"))
    name = next((value for value in (*names, user.get("name")) if isinstance(value, str) and value), "")
    zone, locale = user.get("tz"), user.get("locale")
    runs_workspace = True in (user.get("is_admin"), user.get("is_owner"), user.get("is_primary_owner"))
    return SlackUser(
        name=name,
        zone=zone if isinstance(zone, str) else "",
        organizer=runs_workspace and user.get("deleted") is not True,
        locale=locale if isinstance(locale, str) else "",
    )
