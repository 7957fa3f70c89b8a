"""Who calls a tool: a person of a community, as the transport has established it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.app.messages import Request


@dataclass(frozen=True, slots=True)
class Caller:
    """A person of a community.

    Attributes:
        by_name: users have names but no ids, as on the console.
    """

    platform: str
    tenant: str
    user: str
    by_name: bool = False

    def request(self, command: str, arguments: Mapping[str, str]) -> Request:
        """Return a request of this person. The numbers in their last list in the chat stay as they are."""
        return Request(
            self.platform, self.tenant, self.user, command, arguments=arguments, by_name=self.by_name, glance=True
        )
