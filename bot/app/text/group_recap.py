"""The recap of a whole community, in numbers."""

from bot.app.messages import Card, Reply, Text
from bot.app.text.catalog import n, s, t
from bot.app.text.sessions import session_name
from bot.domain.attendee.recap import rounded_kilometres, rounded_steps
from bot.domain.attendee.week_recap import GroupRecap
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

MOST_VISITED = 3
"""Sessions that are named."""


def group_recap_text(group: GroupRecap, schedule: Schedule) -> Reply:
    """The recap for a channel: it names sessions and no people."""
    visits = sum(group.visits.values())
    venues = {schedule.by_id[id_].venue for id_ in group.visits if schedule.by_id[id_].venue}
    head = t(
        "{people} of us at {conference}: {visits} visits to {sessions} sessions in {venues} venues.",
        people=group.people,
        conference=schedule.conference.title,
        visits=visits,
        sessions=len(group.visits),
        venues=len(venues),
    )
    walked = t(
        "All of us walked about {kilometres} km, {steps} steps.",
        kilometres=f"{rounded_kilometres(group.metres):g}",
        steps=rounded_steps(group.steps),
    )
    most = [
        _visits_text(schedule.by_id[id_], count) for id_, count in group.visits.most_common(MOST_VISITED) if count > 1
    ]
    cards = (Card(s("Where most of us were"), tuple(most)),) if most else ()
    return Reply((head, walked) if group.steps else (head,), cards, private=False)


def _visits_text(session: Session, count: int) -> Text:
    people = n("{count} person", "{count} people", count)
    return t("{title}: {people}", title=session_name(session), people=people)
