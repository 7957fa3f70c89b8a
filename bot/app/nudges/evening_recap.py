"""The evening recap: the day in a few lines, and a Markdown draft to blog from."""

import re
from dataclasses import replace

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Card, File, Reply
from bot.app.text import (
    Reader,
    lateness_text,
    lines,
    n,
    place_text,
    plain,
    s,
    session_line,
    session_name,
    stop_card,
    t,
)
from bot.domain.attendee.agenda import Stop
from bot.domain.attendee.recap import Recap, recap_of
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.session import Session
from bot.domain.schedule.time_parsing import iso_day

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")


async def write(occasion: RenderContext) -> Reply | None:
    """Write the day in figures, recordings to watch, tomorrow's first session, and as a file the draft of a blog post.

    None if the attendee attended no session.
    """
    day = iso_day(occasion.nudge.subject)
    recap = recap_of(occasion.attendee, await occasion.chosen(), occasion.schedule, day)
    if not recap.attended:
        return None
    reader = Reader.of(occasion.attendee, occasion.schedule)
    head = t("Your {day}: {figures}.", day=f"{recap.day:%A}", figures=_figures(recap))
    cards = [Card(s("You attended"), tuple(session_line(session, reader) for session in recap.attended))]
    if recap.to_watch:
        overlapped = tuple(session_line(session, reader) for session in recap.to_watch)
        cards.append(Card(s("You missed these for another session; they're recorded"), overlapped))
    cards += [_ahead(recap.tomorrow, recap, occasion, reader)] if recap.tomorrow else []
    draft = File(
        f"{day.isoformat()}-{occasion.schedule.conference.slug}.md",
        "text/markdown",
        draft_of(recap, occasion),
    )
    text = lines(head, lateness_text(occasion.late))
    return Reply(text, tuple(cards), (Button(s("Agenda"), "agenda"),), (draft,))


def _ahead(stop: Stop, recap: Recap, occasion: RenderContext, reader: Reader) -> Card:
    card = stop_card(stop, occasion.schedule, reader, occasion.now, day=True)
    days = (stop.session.day(occasion.schedule.conference.tz) - recap.day).days
    title = s("Tomorrow: {title}", title=card.title) if days == 1 else s("Next: {title}", title=card.title)
    return replace(card, title=title)


def _figures(recap: Recap) -> str:
    figures = plain(n("{count} session", "{count} sessions", len(recap.attended)))
    if recap.venues:
        venues = plain(n("{count} venue", "{count} venues", len(recap.venues)))
        figures = s("{sessions} in {venues} ({names})", sessions=figures, venues=venues, names=", ".join(recap.venues))
    if not recap.steps:
        return figures
    return s(
        "{sessions}, about {steps} steps and {kilometres} km between venues",
        sessions=figures,
        steps=recap.steps,
        kilometres=str(recap.kilometres),
    )


def draft_of(recap: Recap, occasion: RenderContext) -> str:
    """Return the draft of a blog post about the day, in Markdown; text from the schedule is escaped."""
    title = f"# {escaped(occasion.schedule.conference.title)}: {recap.day:%A}, {recap.day.day} {recap.day:%B %Y}"
    figures = f"{escaped(_figures(recap))}."
    parts = [title, figures, *(_section(session, occasion) for session in recap.attended)]
    if recap.to_watch:
        parts.append(s("## To watch later"))
        parts.append("\n".join(f"- {_title(session)}" for session in recap.to_watch))
    if recap.tomorrow:
        parts.append(s("## Next"))
        parts.append(f"- {_title(recap.tomorrow.session)}, {escaped(place_text(recap.tomorrow.session))}")
    return "\n\n".join(parts) + "\n"


def _section(session: Session, occasion: RenderContext) -> str:
    zone = occasion.schedule.conference.tz
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    facts = [
        f"{starts:%H:%M}-{ends:%H:%M}",
        escaped(place_text(session)),
        escaped(", ".join(session.speakers)),
    ]
    about = f"*{' · '.join(fact for fact in facts if fact)}*"
    lines = [f"## {_title(session)}", about, escaped(session.abstract), s("What I took home: ")]
    return "\n\n".join(line for line in lines if line)


def _title(session: Session) -> str:
    return escaped(session_name(session))


def escaped(text: str) -> str:
    """Escape a text so that Markdown shows it unchanged, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


NUDGE = NudgeTemplate(NudgeKind.EVENING_RECAP, write)
