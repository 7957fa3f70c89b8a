"""The evening recap: the day in a few lines, and a Markdown draft to blog from."""

import re
from dataclasses import replace

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Card, File, Reply
from bot.app.text import Reader, count, lateness_text, line_of, place_text, sentence, stop_card
from bot.domain.attendee.agenda import Stop
from bot.domain.attendee.recap import Recap, recap_of
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.session import Session
from bot.domain.schedule.time_parsing import iso_day

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")


async def write(occasion: RenderContext) -> Reply | None:
    """What was attended, hotels, steps and kilometres, what to watch, tomorrow's first; with the draft as a file."""
    day = iso_day(occasion.nudge.subject)
    recap = recap_of(occasion.attendee, await occasion.chosen(), occasion.schedule, day)
    if not recap.attended:
        return None
    reader = Reader.of(occasion.attendee, occasion.schedule)
    head = sentence(f"Your {recap.day:%A}: {_figures(recap)}.")
    cards = [Card("You attended", tuple(line_of(session, reader) for session in recap.attended))]
    if recap.to_watch:
        cards.append(Card("Overlapped and recorded: watch later", tuple(line_of(s, reader) for s in recap.to_watch)))
    cards += _ahead(recap.tomorrow, recap, occasion, reader) if recap.tomorrow else []
    lines = tuple(line for line in (head, lateness_text(occasion.late)) if line)
    draft = File(
        f"{day.isoformat()}-{occasion.schedule.conference.slug}.md",
        "text/markdown",
        draft_of(recap, occasion),
    )
    return Reply(lines, tuple(cards), (Button("Agenda", "agenda"),), (draft,))


def _ahead(stop: Stop, recap: Recap, occasion: RenderContext, reader: Reader) -> list[Card]:
    card = stop_card(stop, occasion.schedule, reader, occasion.now, day=True)
    days = (stop.session.day(occasion.schedule.conference.tz) - recap.day).days
    return [replace(card, title=f"{'Tomorrow' if days == 1 else 'Next'}: {card.title}")]


def _figures(recap: Recap) -> str:
    parts = [count(len(recap.attended), "session")]
    parts += [f"in {count(len(recap.venues), 'venue')} ({', '.join(recap.venues)})"] if recap.venues else []
    walked = f", about {count(recap.steps, 'step')} and {recap.kilometres} km between venues" if recap.steps else ""
    return " ".join(parts) + walked


def draft_of(recap: Recap, occasion: RenderContext) -> str:
    """A Markdown draft; whatever comes from the schedule is escaped."""
    title = f"# {escaped(occasion.schedule.conference.title)}: {recap.day:%A}, {recap.day.day} {recap.day:%B %Y}"
    figures = f"{escaped(_figures(recap))}."
    parts = [title, figures, *(_section(session, occasion) for session in recap.attended)]
    if recap.to_watch:
        parts.append("## To watch later")
        parts.append("\n".join(f"- {_title(session)}" for session in recap.to_watch))
    if recap.tomorrow:
        parts.append("## Next")
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
    lines = [f"## {_title(session)}", about, escaped(session.abstract), "What I took home: "]
    return "\n\n".join(line for line in lines if line)


def _title(session: Session) -> str:
    return f"{escaped(session.code)} {escaped(session.title)}"


def escaped(text: str) -> str:
    """Text as Markdown that shows it as it is, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


NUDGE = NudgeTemplate(NudgeKind.EVENING_RECAP, write)
