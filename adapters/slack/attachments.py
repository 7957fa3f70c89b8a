"""Files that people choose in a form; each is downloaded only if the command wants it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.api import SlackApi
from adapters.slack.oauth.installations import Workspaces
from adapters.slack.payload import Actor
from bot.app.messages import Attachment
from bot.app.ports import SendError
from bot.domain.errors import FetchError

FILE_REFUSED = (
    "Slack does not give me the file: choose it again. If that does not help, the app may lack the scope files:read."
)


@dataclass(frozen=True, slots=True)
class FileDownloader:
    """Downloads files with the token of the workspace that they were chosen in."""

    api: SlackApi
    workspaces: Workspaces

    def attached(self, actor: Actor, files: Mapping[str, Mapping[str, Any]]) -> Callable[[str], Attachment | None]:
        """Return a function that takes the id of a file and returns the file, if it came with the form."""

        def find(id_: str) -> Attachment | None:
            facts = files.get(id_)
            return self._attachment(actor, facts) if facts else None

        return find

    def _attachment(self, actor: Actor, facts: Mapping[str, Any]) -> Attachment:
        async def fetch(most: int) -> bytes:
            workspace = await self.workspaces.find(actor.team, actor.enterprise)
            if workspace is None:
                raise FetchError(FILE_REFUSED)
            try:
                return await self.api.download(workspace, str(facts.get("url_private") or ""), most)
            except SendError as error:
                raise FetchError(FILE_REFUSED) from error

        size = facts.get("size")
        return Attachment(str(facts.get("name") or ""), size if isinstance(size, int) else 0, fetch)
