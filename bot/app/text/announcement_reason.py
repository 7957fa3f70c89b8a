"""The reason why a person gets an announcement, as text for that person."""

from datetime import date

from bot.app.text.catalog import s
from bot.app.text.format import day_text
from bot.domain.announcements.audience import Audience, Term, Who
from bot.domain.schedule.conference import Schedule


def reason_text(audience: Audience, schedule: Schedule) -> str:
    """Return the reason shown to recipients: `you go to "Iceberg at scale" and you stay in Wynn`; "" for everybody."""
    reasons = [_reason(term, schedule) for term in audience.terms]
    text = "".join(reasons[:1])
    for reason in reasons[1:]:
        text = s("{reasons} and {reason}", reasons=text, reason=reason)
    return text


def _reason(term: Term, schedule: Schedule) -> str:
    session = schedule.by_id.get(term.what)
    title = s('"{title}"', title=session.title) if session else term.what
    texts = {
        Who.GOING: s("you go to {title}", title=title),
        Who.TRACK: s("you go to sessions on {track}", track=term.what),
        Who.DAY: s("you go to sessions on {day}", day=_day_text(term.what)),
        Who.HOTEL: s("you stay in {hotel}", hotel=term.what),
        Who.NEXT: s("your next session is in {venue}", venue=term.what),
        Who.BACKUPS: s("{title} is in your plans as a backup, or has one", title=title),
        Who.ORGANIZERS: s("you are an organizer"),
    }
    return texts[term.who]


def _day_text(day: str) -> str:
    """Return a day as `Tue 3 Dec`; any other text unchanged."""
    try:
        return day_text(date.fromisoformat(day))
    except ValueError:
        return day
