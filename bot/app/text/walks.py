"""Promised against what came: how many people followed the advice on each leg and in each hour, without names."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from bot.app.messages import Card, Field, Reply, Text
from bot.app.ports import Promise
from bot.app.text.catalog import n, plain, s, t
from bot.app.text.format import lines
from bot.app.text.local_times import Reader
from bot.app.text.numbers import FEWEST
from bot.domain.times.zones import zone_by_name
from bot.domain.travel.way import Mode

OVER = timedelta(hours=4)
"""An hour is shown so long after its begin: then nobody can add to it, and no change gives anybody away."""
SHOWN = 20
"""Legs and hours in one message: the newest."""


def closed(promises: Iterable[Promise], now: datetime) -> list[Promise]:
    """Return the promises of hours that are over and that enough people followed, by leg and hour."""
    return [one for one in promises if one.followed >= FEWEST and one.hour + OVER <= now]


def walks_reply(title: str, promises: Sequence[Promise], reader: Reader, now: datetime) -> Reply:
    """What was promised on each leg and in each hour, and what came of it."""
    rows = closed(promises, now)
    head = t("{conference}: walking times, promised and measured.", conference=title)
    if not rows:
        return Reply(lines(head, _nothing_text()))
    newest = sorted(sorted(rows, key=lambda one: one.hour)[-SHOWN:], key=lambda one: (one.leg, one.hour))
    zone = zone_by_name(reader.zone)
    named = [(f"{one.hour.astimezone(zone):%a %H:%M} {leg_name(one)}", row_text(one)) for one in newest]
    fields = tuple(Field(name, text) for name, text in named)
    more = len(rows) - len(newest)
    rest = n("{count} more hour is left out.", "{count} more hours are left out.", more) if more else ()
    return Reply(lines(head, total_text(rows), rule_text(), rest), (Card(s("By way and hour"), fields=fields),))


def walks_report(promises: Sequence[Promise], zone: tzinfo, now: datetime) -> list[str]:
    """The same as lines for a terminal."""
    rows = closed(promises, now)
    if not rows:
        return [plain(_nothing_text())]
    listed = [f"{one.hour.astimezone(zone):%a %d %b %H:%M}  {leg_name(one)}: {plain(row_text(one))}" for one in rows]
    return [*listed, plain(total_text(rows)), plain(rule_text())]


def leg_name(promise: Promise) -> str:
    """From where to where, and by what if that is no walk."""
    leg = promise.leg
    by = "" if leg.mode is Mode.WALK else f" ({leg.mode.value})"
    return f"{leg.origin} → {leg.target}{by}"


def row_text(promise: Promise) -> Text:
    """One leg in one hour."""
    return t(
        "{followed} followed, promised {minutes} min; {answered} answered, {arrived} of them in time",
        followed=promise.followed,
        minutes=round(promise.minutes / promise.followed),
        answered=promise.arrived + promise.late,
        arrived=promise.arrived,
    )


def total_text(rows: Sequence[Promise]) -> Text:
    """All legs and hours that are shown together."""
    followed, arrived = sum(one.followed for one in rows), sum(one.arrived for one in rows)
    answered = arrived + sum(one.late for one in rows)
    if not answered:
        return t("{followed} people followed; nobody said when they arrived.", followed=followed)
    return t(
        "{followed} people followed; {answered} said when they arrived, {share} % of them within the promised minutes.",
        followed=followed,
        answered=answered,
        share=round(100 * arrived / answered),
    )


def rule_text() -> Text:
    """Which hours are left out."""
    return t("Hours with fewer than {count} people are left out, and hours that are not over yet.", count=FEWEST)


def _nothing_text() -> Text:
    return t(
        "Nothing to show yet: fewer than {count} people followed the advice on one way within an hour that is over.",
        count=FEWEST,
    )
