"""The recap of a day, in a few lines and as a Markdown draft to blog from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.app.messages import Button, Card, File, Reply, Text
from bot.app.text.agenda import LABEL, AgendaWriter
from bot.app.text.catalog import Value, n, s, t
from bot.app.text.fallbacks import risk_texts
from bot.app.text.feedback import rating_buttons
from bot.app.text.format import day_text, lines, listed, shortened
from bot.app.text.recap_figures import figures_text
from bot.app.text.sessions import later_button, place_text, session_line, session_name, watch_buttons
from bot.domain.attendee.agenda import ONE_DAY
from bot.domain.attendee.recap import Recap, recap_of
from bot.domain.attendee.recordings import new_recordings
from bot.domain.attendee.week_recap import WeekRecap, week_recap_of
from bot.domain.schedule.session import Session
from bot.domain.times.hour_format import clock_text

MOST_LATER = 3
"""Buttons of missed sessions that are recorded; `/later` takes any other."""
MOST_RISKS = 3
"""Walks that are too long for their breaks, in one message."""
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")


@dataclass(frozen=True, slots=True)
class RecapWriter:
    """Writes the recap of one day of the attendee that `agenda` is about.

    Attributes:
        rated: the sessions that they rated; None if the community does not ask.
    """

    agenda: AgendaWriter
    day: date
    rated: frozenset[str] | None = None

    def reply(self, *remarks: Text) -> Reply | None:
        """Return the day in figures, recordings, the next first session, and a blog draft.

        None if nothing was on the agenda, and no recording has appeared.

        Args:
            remarks: lines below the first one.
        """
        recap = recap_of(self.agenda.attendee, self.agenda.chosen, self.agenda.schedule, self.day)
        fresh = new_recordings(self.agenda.chosen, self.agenda.schedule).get(self.day, ())
        if not recap.sessions:
            return self._recordings(fresh, remarks) if fresh else None
        head = t("Your {day}: {figures}.", day=f"{recap.day:%A}", figures=figures_text(recap))
        asked, buttons = _questions(recap, self.agenda.now)
        slug = self.agenda.schedule.conference.slug
        draft = File(f"{self.day.isoformat()}-{slug}.md", "text/markdown", self.draft(recap))
        there = [Card(s("You can watch these from your list now"), self._lines(fresh))] if fresh else []
        cards = (*self._lists(recap), *there, *self._ahead(recap))
        links = watch_buttons((*fresh, *recap.to_watch), self.agenda.now)
        picture = Button(s("Picture to post"), "recap", {"day": self.day.isoformat(), "picture": "picture"})
        watch = [button for session in recap.to_watch[:MOST_LATER] for button in later_button(session)]
        after = (*buttons, *self._ratings(recap), *watch, picture, Button(s("Agenda"), "agenda"))
        return Reply(lines(head, *remarks, *asked), cards, after, (draft,), links=links)

    def _recordings(self, fresh: Sequence[Session], remarks: Sequence[Text]) -> Reply:
        """Return the recap of an evening with no other news than recordings."""
        head = n(
            "You can watch {count} session from your list now:",
            "You can watch {count} sessions from your list now:",
            len(fresh),
        )
        text = lines(head, *remarks, *self._lines(fresh))
        return Reply(text, buttons=(Button(s("My list"), "later"),), links=watch_buttons(fresh, self.agenda.now))

    def _lines(self, sessions: Sequence[Session]) -> tuple[Text, ...]:
        return tuple(session_line(session, self.agenda.reader, day=True) for session in sessions)

    def _ratings(self, recap: Recap) -> Sequence[Button]:
        if self.rated is None:
            return ()
        seen = (*recap.attended, *recap.planned)
        return rating_buttons(
            session
            for session in seen
            if session.ends_at <= self.agenda.now and not session.is_block and session.id not in self.rated
        )

    def _lists(self, recap: Recap) -> Sequence[Card]:
        reader, now = self.agenda.reader, self.agenda.now
        missed = [session for session in recap.to_watch if session.starts_at <= now]
        asked = {session for sessions in recap.undecided for session in sessions}
        to_miss = [session for session in recap.to_watch if session.starts_at > now and session not in asked]
        titled: Sequence[tuple[str, Sequence[Session]]] = (
            (s("You attended"), recap.attended),
            (s("On your agenda"), recap.planned),
            (s("You missed these for another session; they're recorded"), missed),
            (s("You'll miss these for another session; they'll be recorded"), to_miss),
        )
        return [
            Card(title, tuple(session_line(session, reader) for session in sessions))
            for title, sessions in titled
            if sessions
        ]

    def _ahead(self, recap: Recap) -> Sequence[Card]:
        """Return the first session of the next day, and its walks that are probably too long.

        "Tomorrow" counts from now, not from the day of the recap.
        """
        stop = recap.tomorrow
        if stop is None or stop.session.starts_at <= self.agenda.now:
            return ()
        card = self.agenda.card(stop, day=True)
        days = (stop.session.day(self.agenda.schedule.conference.tz) - self.agenda.today).days
        if recap.day != self.day:
            title = s("First: {title}", title=card.title)
        elif days == 0:
            title = s("Today: {title}", title=card.title)
        elif days == 1:
            title = s("Tomorrow: {title}", title=card.title)
        else:
            title = s("Next: {title}", title=card.title)
        return replace(card, title=title), *self._risks(recap)

    def announcement(self, *remarks: Text) -> Reply | None:
        """Return the day in figures before it begins, its first session, and its breaks that are too short.

        None if nothing is on the agenda. It replaces the recap if the day before had no sessions.

        Args:
            remarks: lines below the first one.
        """
        attendee, chosen, schedule = self.agenda.attendee, self.agenda.chosen, self.agenda.schedule
        recap, before = (recap_of(attendee, chosen, schedule, day) for day in (self.day, self.day - ONE_DAY))
        if not recap.sessions:
            return None
        facts: dict[str, Value] = {"day": f"{self.day:%A}", "figures": figures_text(recap)}
        is_today = self.day == self.agenda.today
        head = t("Today, {day}: {figures}.", **facts) if is_today else t("Tomorrow, {day}: {figures}.", **facts)
        agenda = Button(s("Agenda"), "agenda", {"day": self.day.isoformat()})
        return Reply(lines(head, *remarks), tuple(self._ahead(before)), (agenda,))

    def _risks(self, recap: Recap) -> Sequence[Card]:
        texts = risk_texts(recap.risks, recap.unmade, self.agenda.reader)[:MOST_RISKS]
        slip = t("I'll tell you in time to slip out.") if recap.risks else ()
        ask = t("In the morning I'll ask you which one you choose.") if recap.unmade else ()
        return (Card(s("Too short a break"), (*texts, *lines(slip, ask))),) if texts else ()

    def draft(self, recap: Recap) -> str:
        """Return the draft of a blog post about the day, in Markdown; text from the schedule is escaped."""
        conference = self.agenda.schedule.conference.title
        title = f"# {escaped(conference)}: {recap.day:%A}, {recap.day.day} {recap.day:%B %Y}"
        parts = [title, f"{escaped(figures_text(recap))}.", *(self._section(session) for session in recap.sessions)]
        parts += to_watch(recap.to_watch)
        if recap.tomorrow:
            parts.append(s("## Next"))
            parts.append(f"- {_title(recap.tomorrow.session)}, {escaped(place_text(recap.tomorrow.session))}")
        return "\n\n".join(parts) + "\n"

    def week(self) -> Reply | None:
        """All days in figures, and one draft about them; None if nothing was on the agenda on any day."""
        recap = week_recap_of(self.agenda.attendee, self.agenda.chosen, self.agenda.schedule)
        if not recap.days:
            return None
        conference = self.agenda.schedule.conference
        head = t("Your {conference}: {figures}.", conference=conference.title, figures=figures_text(recap))
        days = tuple(t("{day}: {figures}", day=day_text(day.day), figures=figures_text(day)) for day in recap.days)
        draft = File(f"{conference.slug}-week.md", "text/markdown", self._week_draft(recap))
        watch = Card(
            s("Recorded, to watch later"),
            tuple(session_line(session, self.agenda.reader) for session in recap.to_watch),
        )
        cards = (Card(s("Day by day"), days), *([watch] if recap.to_watch else ()))
        picture = Button(s("Picture to post"), "recap", {"day": "week", "picture": "picture"})
        return Reply((head,), cards, (picture, Button(s("Agenda"), "agenda")), (draft,))

    def _week_draft(self, recap: WeekRecap) -> str:
        parts = [f"# {escaped(self.agenda.schedule.conference.title)}", f"{escaped(figures_text(recap))}."]
        for day in recap.days:
            parts += [f"## {day.day:%A}, {day.day.day} {day.day:%B}", f"{escaped(figures_text(day))}."]
            parts += [f"#{self._section(session)}" for session in day.sessions]
        return "\n\n".join((*parts, *to_watch(recap.to_watch))) + "\n"

    def _section(self, session: Session) -> str:
        zone = self.agenda.schedule.conference.tz
        starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
        hours = self.agenda.reader.hours
        time = f"{clock_text(starts, hours)}-{clock_text(ends, hours)}"
        facts = [time, escaped(place_text(session)), escaped(", ".join(session.speakers))]
        about = f"*{' · '.join(fact for fact in facts if fact)}*"
        watch = s("Recording: {url}", url=f"<{session.recording_url}>") if session.recording_url else ""
        section = [f"## {_title(session)}", about, escaped(session.abstract), watch, s("What I took home: ")]
        return "\n\n".join(line for line in section if line)


def _questions(recap: Recap, now: datetime) -> tuple[Sequence[Text], Sequence[Button]]:
    texts = [_question(sessions, now) for sessions in recap.undecided]
    buttons = [
        Button(shortened(session.title, LABEL), "attend", {"code": session.code, "only": "only"})
        for sessions in recap.undecided
        for session in sessions
    ]
    return texts, buttons


def _question(sessions: Sequence[Session], now: datetime) -> Text:
    """Ask which of the sessions that clash the attendee saw, or will see if all of them are still to come."""
    titles: dict[str, Value] = {
        "titles": listed([(f'"{session.title}"',) for session in sessions[:-1]]),
        "last": f'"{sessions[-1].title}"',
    }
    if all(session.starts_at > now for session in sessions):
        return t("Which one will you see: {titles} or {last}?", **titles)
    return t("Which one did you see: {titles} or {last}?", **titles)


def to_watch(sessions: Sequence[Session]) -> Sequence[str]:
    """The section of a draft with the recordings to watch; nothing without any."""
    return [s("## To watch later"), "\n".join(map(_watched, sessions))] if sessions else []


def _watched(session: Session) -> str:
    link = f": <{session.recording_url}>" if session.recording_url else ""
    return f"- {_title(session)}{link}"


def _title(session: Session) -> str:
    return escaped(session_name(session))


def escaped(text: str) -> str:
    """Escape a text so that Markdown shows it unchanged, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
