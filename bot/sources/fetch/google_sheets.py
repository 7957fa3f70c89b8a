"""Addresses of Google Sheets: the link that people share becomes the address of its export."""

import re

from yarl import URL

HOST = "docs.google.com"
SIGN_IN_HOST = "accounts.google.com"
_SHEET = re.compile(
    r"(?P<folder>/(?:a/[^/]{1,100}/)?spreadsheets/(?:u/\d{1,3}/)?d/)(?P<id>(?:e/)?[\w-]{10,200})(?:/(?P<view>\w*))?/?"
)
_VIEWS = frozenset({"", "edit", "view", "preview", "htmlview", "copy", "htmlembed"})
_PUBLISHED_VIEWS = frozenset({"", "pubhtml", "pub"})
_TAB = re.compile(r"gid=(\d{1,12})")
NOT_SHARED = (
    "This Google Sheet is not shared: open it, choose Share, General access, Anyone with the link, and try again."
)


def export_address(address: URL) -> URL:
    """Return the address of the export of a Google Sheet; any other address is returned unchanged.

    A link to one tab (`gid`) gives that tab as CSV; other links give the whole workbook as .xlsx.
    """
    match = _SHEET.fullmatch(address.path) if (address.host or "").casefold() == HOST else None
    if match is None:
        return address
    published, view = match["id"].startswith("e/"), match["view"] or ""
    if view not in (_PUBLISHED_VIEWS if published else _VIEWS) or "output" in address.query:
        return address
    # In a link that people share the tab is often behind the `#` only.
    tab = _TAB.search(address.fragment) or _TAB.search(address.query_string)
    export_query = {"output" if published else "format": "csv" if tab else "xlsx"}
    export_query |= {"single": "true"} if published and tab else {}
    export_query |= {"gid": tab[1]} if tab else {}
    return address.with_path(f"{match['folder']}{match['id']}/{'pub' if published else 'export'}").with_query(
        export_query
    )


def asks_to_sign_in(asked: URL, answered: URL, *, refused: bool) -> bool:
    """Whether Google asks the user to sign in: it redirects to that page, or refuses.

    Args:
        asked: the address that was asked.
        answered: the address that it redirects to, or `asked`.
        refused: the status is 401 or 403.
    """
    return asked.host == HOST and (answered.host == SIGN_IN_HOST or refused)
