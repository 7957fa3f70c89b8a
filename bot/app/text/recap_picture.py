"""What the picture of a recap shows. It is made to be posted, so the hotel of its attendee is not on it."""

from collections.abc import Iterable, Sequence

from bot.app.messages import File
from bot.app.ports.pictures import DayPicture, Look, MapVenue
from bot.app.text.catalog import n, plain, s
from bot.app.text.day_path import credit_of, lines_of, positions_of, visits_of
from bot.app.text.recap_figures import Walked, figure_columns, figures_text
from bot.domain.attendee.recap import Recap
from bot.domain.attendee.week_recap import WeekRecap
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.times.hour_format import HourFormat, clock_text

MEDIA_TYPE = "image/png"


def day_picture(recap: Recap, schedule: Schedule, hours: HourFormat, look: Look) -> DayPicture:
    """The picture of one day: its sessions by their times."""
    zone = schedule.conference.tz
    entries = tuple(
        (clock_text(session.starts_at.astimezone(zone), hours), session.title) for session in recap.sessions
    )
    day = f"{recap.day:%A}, {recap.day.day} {recap.day:%B %Y}"
    return _picture(recap, [recap.sessions], schedule, day, entries, look)


def week_picture(recap: WeekRecap, schedule: Schedule, look: Look) -> DayPicture:
    """The picture of all days: how many sessions each of them had, and where."""
    entries = tuple((f"{day.day:%a}", _day_text(day)) for day in recap.days)
    first, last = recap.days[0].day, recap.days[-1].day
    span = f"{first.day} {first:%B} - {last.day} {last:%B %Y}"
    return _picture(recap, [day.sessions for day in recap.days], schedule, span, entries, look)


def picture_file(picture: DayPicture, content: bytes, name: str, recap: Walked) -> File:
    """The file to post, with a description for those who do not see it."""
    about = s("{title}, {day}: {figures}.", title=picture.title, day=picture.subtitle, figures=figures_text(recap))
    return File(f"{name}.png", MEDIA_TYPE, binary=content, description=about)


def _picture(
    recap: Walked,
    days: Iterable[Sequence[Session]],
    schedule: Schedule,
    subtitle: str,
    entries: tuple[tuple[str, str], ...],
    look: Look,
) -> DayPicture:
    known = positions_of(schedule)
    walks = [visits_of(sessions, known) for sessions in days]
    order: dict[str, list[int]] = {}
    # On the picture of a week the same venue would have a dozen numbers.
    for number, venue in enumerate(walks[0] if len(walks) == 1 else (), 1):
        order.setdefault(venue, []).append(number)
    names = dict.fromkeys(venue for walk in walks for venue in walk)
    outlines = {venue.name: venue.outline for venue in schedule.venues}
    venues = tuple(MapVenue(name, known[name], tuple(order.get(name, ())), outlines[name]) for name in names)
    lines = lines_of(schedule, walks)
    return DayPicture(
        schedule.conference.title,
        subtitle,
        figure_columns(recap),
        venues,
        lines,
        entries,
        _more,
        credit_of(venues, lines),
        look,
    )


def _more(count: int) -> str:
    return s("and {count} more", count=count)


def _day_text(day: Recap) -> str:
    sessions = plain(n("{count} session", "{count} sessions", len(day.sessions)))
    return s("{sessions}: {venues}", sessions=sessions, venues=", ".join(day.venues)) if day.venues else sessions
