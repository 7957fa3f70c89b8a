"""The HTML pages of an installation by the browser: one for each outcome."""

from dataclasses import dataclass
from html import escape
from string import Template

STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:10vh auto;padding:0 1.25rem;color:#1d1c1d}"
    "h1{font-size:1.5rem;line-height:1.25}a.button{display:inline-block;padding:.7rem 1.2rem;border-radius:.4rem;"
    "background:#2b4c7e;color:#fff;text-decoration:none;font-weight:600}"
    "@media(prefers-color-scheme:dark){body{background:#1a1d21;color:#e8e8e8}}"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
FRAME = Template(
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
    "<title>$title</title><style>$style</style></head>\n"
    "<body><main><h1>$title</h1><p>$text</p>$button</main></body></html>\n"
)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The status and text of a page; a `button` without an `address` leads to the start of the installation."""

    status: int
    title: str
    text: str
    button: str | None = None
    address: str | None = None

    @property
    def html(self) -> str:
        """The whole document; title, text and button are escaped."""
        button = ""
        if self.button and self.address:
            button = f'<p><a class="button" href="{escape(self.address)}">{escape(self.button)}</a></p>'
        return FRAME.substitute(title=escape(self.title), text=escape(self.text), style=STYLE, button=button)


AGAIN = "Begin again"
NOT_BEGUN = ResultPage(
    400,
    "This was not begun in this browser",
    "Hallway is installed only where the same browser began it, so that nobody can do it in your name. "
    "Open the link again in the browser in which you are signed in to Slack, with cookies allowed.",
    AGAIN,
)
OVER = ResultPage(
    400,
    "This link is over",
    "It was used already, or more than ten minutes have passed. Nothing was changed.",
    AGAIN,
)
DENIED = ResultPage(
    200,
    "Nothing was installed",
    "You chose not to install Hallway. If that was a slip, begin again; if your workspace lets only its admins "
    "install apps, ask one of them to open this address.",
    AGAIN,
)
NO_CODE = ResultPage(400, "Slack sent no code", "Nothing was installed.", AGAIN)
BAD_CODE = ResultPage(
    400,
    "Slack did not take its own code",
    "It was used already, or is too old. Nothing was installed.",
    AGAIN,
)
BAD_APP = ResultPage(
    502,
    "Slack does not know this Hallway",
    "Its operator should look at HALLWAY_SLACK_CLIENT_ID, HALLWAY_SLACK_CLIENT_SECRET and HALLWAY_PUBLIC_URL: "
    "`hallway doctor` says more. Nothing was installed.",
)
NO_ANSWER = ResultPage(502, "Slack does not answer", "Nothing was installed. Try again in a minute.", AGAIN)
BUSY = ResultPage(503, "Too many begin at this moment", "Nothing was installed. Try again in a minute.", AGAIN)
NOT_STORED = ResultPage(
    503,
    "Hallway cannot keep what Slack gave",
    "Its database does not answer. Try again in a minute; installing twice does no harm.",
    AGAIN,
)


def installed(name: str, address: str) -> ResultPage:
    """Return the page of a successful installation."""
    text = "Type /nextsession in any channel: only you see the answer. Organizers start with /conference."
    return ResultPage(200, f"Hallway is in {name or 'your workspace'}", text, "Open Slack", address)
