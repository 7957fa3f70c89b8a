"""The page that a browser shows instead of a missing one: why, and what to do. Programs get one sentence."""

from dataclasses import dataclass

from aiohttp import web

from adapters.web.headers import PRIVATE
from adapters.web.render import page


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a page is not available, in a few words, and what to do about it."""

    heading: str
    advice: str


MISSING = Trouble(
    "There is no such page",
    "The address was not copied completely, the session left the schedule, or the schedule is not public any more.",
)
TOO_MANY = Trouble("Too many requests", "Wait a minute, then open the page again.")
UNAVAILABLE = Trouble("Hallway does not answer just now", "Try again in a minute. What you chose is safe.")
REFUSED = Trouble("This page cannot do that", "Open your page again, and try it from there. Nothing was changed.")
TROUBLES = {
    web.HTTPNotFound.status_code: MISSING,
    web.HTTPTooManyRequests.status_code: TOO_MANY,
    web.HTTPServiceUnavailable.status_code: UNAVAILABLE,
}


def error_answer(request: web.Request, status: int, text: str = "", retry_after: str = "") -> web.Response:
    """Return the answer to a request that failed.

    Args:
        request: a browser that navigates gets a page, everybody else the sentence.
        status: the HTTP status of the answer.
        text: the sentence; "" for the heading of the page.
        retry_after: seconds until it is worth another try; "" for unknown.
    """
    trouble = TROUBLES.get(status, REFUSED)
    headers = {**PRIVATE, **({"Retry-After": retry_after} if retry_after else {})}
    if "text/html" not in request.headers.get("Accept", ""):
        return web.Response(status=status, text=text or f"{trouble.heading}.", headers=headers)
    root = root_of(request)
    html = page("error.html", root=root, trouble=trouble, mine=way_to_own_page(request))
    return web.Response(status=status, text=html, content_type="text/html", headers=headers)


def way_to_own_page(request: web.Request) -> str:
    """Return the relative link from a page below a private address to its owner's page; "" from any other page."""
    if "secret" not in request.match_info:
        return ""
    return "../" * (request.rel_url.raw_path.count("/") - 3) or "./"


def root_of(request: web.Request) -> str:
    """Return the relative link from the page of a request to the root of the site, also behind a proxy."""
    return "../" * (request.rel_url.raw_path.count("/") - 1) or "./"
