"""Why two sessions cannot both be attended."""

from bot.app.messages import Text
from bot.app.text.catalog import t
from bot.app.text.local_times import Reader
from bot.app.text.sessions import session_line
from bot.domain.attendee.agenda import Clash
from bot.domain.schedule.session import Session


def clash_text(session: Session, clash: Clash, reader: Reader) -> Text:
    """Why `session` and another one cannot both be attended, and which of the two is recorded."""
    other = clash.other
    if clash.arrival is None:
        return _overlap_text(session, other, reader)
    if other.starts_at < session.starts_at:
        return t(
            "You can't make it after \"{title}\": that ends at {ends}, and you'd arrive at {arrival}.",
            title=other.title,
            ends=reader.time(other.ends_at),
            arrival=reader.time(clash.arrival),
        )
    return t(
        "You can't make \"{title}\" after it: that starts at {starts}, and you'd arrive at {arrival}.",
        title=other.title,
        starts=reader.time(other.starts_at),
        arrival=reader.time(clash.arrival),
    )


def _overlap_text(session: Session, other: Session, reader: Reader) -> Text:
    line = session_line(other, reader)
    match session.can_be_watched, other.can_be_watched:
        case True, True:
            return t("Overlaps {session}. Both are recorded.", session=line)
        case True, False:
            return t("Overlaps {session}. This one is recorded.", session=line)
        case False, True:
            return t("Overlaps {session}. That one is recorded.", session=line)
    return t("Overlaps {session}.", session=line)
