"""What chats and social networks show of a link: the public facts of a session, and nothing of a private page.

Their programs read the Open Graph tags of a page (https://ogp.me). They fetch an address as soon as somebody pastes it,
and show what they find to everybody who reads the message.
"""

from aiohttp import web

from bot.app.text import Reader, place_text, s, shortened
from bot.app.text.visible import visible
from bot.app.text.written_times import written
from bot.domain.schedule.conference import Conference
from bot.domain.schedule.session import Session

MOST = 300
"""Characters of a description; chats show about as many."""
PROGRAMS = (
    "slackbot",
    "slack-imgproxy",
    "discordbot",
    "twitterbot",
    "telegrambot",
    "linkedinbot",
    "facebookexternalhit",
    "facebot",
    "whatsapp/",
    "skypeuripreview",
    "mastodon/",
    "googlebot",
    "bingbot",
    "applebot",
)
"""Parts of the User-Agent, in small letters, of programs that preview or list pages; no browser or calendar has one."""


def is_preview(request: web.Request) -> bool:
    """Whether the request comes from a program that shows previews of links to others."""
    agent = request.headers.get("User-Agent", "")[:500].lower()
    return any(name in agent for name in PROGRAMS)


def session_description(session: Session, conference: Conference) -> str:
    """Return the facts of a session in one line, such as `Mon 29 Nov 11:00-12:00 (Europe/Paris), Forum. Ann Lee.`."""
    reader = Reader(conference.zone)
    starts, ends = written(reader.day_time(session.starts_at)), written(reader.time(session.ends_at))
    time = f"{starts}-{ends} ({conference.zone})"
    speakers = f" {', '.join(session.speakers)}." if session.speakers else ""
    off = s("Cancelled.") + " " if session.cancelled else ""
    return shortened(visible(f"{off}{time}, {place_text(session)}.{speakers}"), MOST)
