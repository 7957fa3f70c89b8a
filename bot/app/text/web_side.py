"""The addresses of the web side: of a person's page and calendar, and of a community's public schedule."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, unquote, urlencode, urlsplit

from bot.app.messages import LinkButton
from bot.app.text.catalog import s
from bot.domain.schedule.online import openable

MOST = 512
"""Characters of the address of a link button: Discord's limit."""
_PORTS = {"https": 443, "http": 80}
MOST_NAME = 40
"""Characters of the name of a public page."""
CALENDAR, CALENDAR_WITH_WALKS, SUBSCRIBE = "agenda.ics", "agenda-with-walks.ics", "subscribe"
"""The names below a private address."""


MOST_PASTED = 2_000
"""Characters of an address that is looked at."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """The target of an address of the web side.

    Attributes:
        page: the name of the public page of a community; "" for none.
        session: the id of the session on it; "" for the schedule.
        secret: the text in the place of the secret of a private address; "" for none.
        is_other: whether it leads to something else below that page.
    """

    page: str = ""
    session: str = ""
    secret: str = field(default="", repr=False)
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class WebSide:
    """The public addresses of this installation, for browsers and calendars.

    Attributes:
        url: HALLWAY_PUBLIC_URL without a slash at its end.
        keys: the operator's keys, newest first; private addresses are made from the first one.
    """

    url: str
    keys: tuple[str, ...] = field(default=(), repr=False)

    def page(self, secret: str) -> str:
        """Return the address of a person's page."""
        return f"{self.url}/p/{secret}/"

    def calendar(self, secret: str, name: str = CALENDAR) -> str:
        """Return the https address of a person's calendar, for programs that subscribe to it."""
        return f"{self.page(secret)}{name}"

    def webcal(self, secret: str, name: str = CALENDAR) -> str:
        """Return the webcal address of a person's calendar."""
        return f"webcal://{self.calendar(secret, name).partition('://')[2]}"

    def community(self, page: str) -> str:
        """Return the address of a community's public schedule."""
        return f"{self.url}/c/{quote(page, safe='')}/"

    def session(self, page: str, session: str) -> str:
        """Return the address of one session in the public schedule of a community."""
        return f"{self.community(page)}s/{quote(session, safe='')}"

    def linked(self, url: str) -> PageLink | None:
        """Return the target of a pasted address; None if it is not a page of a community or a person."""
        path = self._path_of(url) if len(url) <= MOST_PASTED else None
        match [unquote(part) for part in path.split("/")] if path is not None else ():
            case ["p", secret, *_]:
                return PageLink(secret=secret)
            case ["c", page] | ["c", page, ""] if page:
                return PageLink(page)
            case ["c", page, "s", session] if page and session:
                return PageLink(page, session)
            case ["c", page, *_] if page:
                return PageLink(page, is_other=True)
        return None

    def _path_of(self, url: str) -> str | None:
        """Return the path of an address below ours, without the first slash; None if it is not ours."""
        try:
            theirs, ours = urlsplit(url), urlsplit(self.url)
            where = [(parts.hostname, parts.port or _PORTS.get(parts.scheme)) for parts in (theirs, ours)]
        except ValueError:
            return None
        # http leads to https, where there is a proxy in front.
        is_ours = where[0] == where[1] or (where[0][0] == where[1][0] and theirs.port is ours.port is None)
        if theirs.scheme not in _PORTS or not is_ours or not theirs.path.startswith(f"{ours.path}/"):
            return None
        return theirs.path[len(ours.path) + 1 :]

    def calendar_buttons(self, secret: str, title: str) -> Sequence[LinkButton]:
        """Buttons that open the page, and that subscribe the calendars of Google, Apple and Microsoft.

        Args:
            secret: the secret of the private address.
            title: what Outlook calls the calendar.
        """
        google, outlook = self.subscription_links(secret, title)
        buttons = (
            LinkButton(s("My page"), self.page(secret)),
            google,
            LinkButton(s("Add to Apple"), f"{self.page(secret)}{SUBSCRIBE}"),
            outlook,
        )
        return tuple(button for button in buttons if is_link(button.url))

    def subscription_links(self, secret: str, title: str, name: str = CALENDAR) -> tuple[LinkButton, LinkButton]:
        """Links that subscribe the calendars of Google and of Microsoft to the calendar `name`."""
        google = urlencode({"cid": self.webcal(secret, name)})
        outlook = urlencode({"url": self.calendar(secret, name), "name": title[:60]})
        return (
            LinkButton(s("Add to Google"), f"https://calendar.google.com/calendar/render?{google}"),
            LinkButton(s("Add to Outlook"), f"https://outlook.live.com/calendar/0/addfromweb?{outlook}"),
        )

    def day(self, secret: str, day: date) -> str:
        """Return the address of one day on the page of a person."""
        return f"{self.page(secret)}?day={day.isoformat()}"

    def own_session(self, secret: str, session: str) -> str:
        """Return the address of one session on the page of a person."""
        return f"{self.page(secret)}s/{quote(session, safe='')}"


def web_side(url: str | None, keys: str) -> WebSide | None:
    """Return the web side of an installation, None if the operator has set no usable address.

    Args:
        url: HALLWAY_PUBLIC_URL.
        keys: HALLWAY_SECRET_KEY, the newest key first, separated by commas; "" for none.
    """
    address = (url or "").strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return None
    return WebSide(address, tuple(key.strip() for key in keys.split(",") if key.strip()))


def page_name(name: str) -> str:
    """Return the name of a community as a part of an address: `cloud-club`; "" if it has no letters for that."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return "-".join(words)[:MOST_NAME].strip("-")


def is_link(url: str) -> bool:
    """Whether every platform accepts `url` for a link button."""
    return len(url) <= MOST and openable(url) != ""
