"""`/find chalk talks monday security`: sessions by kind, track, level, place, speaker, time and topic, in any order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.app.command_spec import DAY, LEVEL, SEARCH, VENUE, Call, Command, Context, Param
from bot.app.messages import Button, Reply, Strong, Text, Typed
from bot.app.text import Reader, day_text, lines, n, numbered, once, part_text, query_text, s, star_buttons, t
from bot.domain.attendee.agenda import build_agenda, whereabouts
from bot.domain.attendee.free_time import fits_agenda
from bot.domain.errors import BadInputError
from bot.domain.schedule.session import Session
from bot.domain.search_query.keys import key
from bot.domain.search_query.names import Numbers
from bot.domain.search_query.plain_words import MEALS
from bot.domain.search_query.query import EITHER, Part, Query, SearchField
from bot.domain.search_query.ranking import Ranking
from bot.domain.search_query.selection import Selection
from bot.domain.search_query.typed_line import line_of
from bot.domain.search_query.understanding import Correct, Understanding, understand
from bot.domain.travel.venue import Place

WORDS = Param("words", SEARCH, "a topic, speaker, kind, day, time or place")
ON = Param("day", DAY, "today, tuesday, day 2, 2021-11-30", keyword="day", keyword_required=True)
WHERE = Param("venue", VENUE, "only in this venue", keyword="venue", keyword_required=True)
LEVELS = Param("level", LEVEL, "only of this level", keyword="level", keyword_required=True)
SHOWN = 5
"""Sessions on a page: as many as fit one message on every platform."""
NEAR_MINUTES = 10
"""The longest walk to a place that is near; the venue where one is counts as near in any case."""
MOST_WORD_BUTTONS = 3
"""With more words one button removes all of them."""
SUGGESTED = 3
LONG_LINE = 60
"""Characters of a line that fit a button on every platform: Discord takes 100 for everything, some counted as three."""


async def handle(call: Call, context: Context) -> Reply:
    """One page of the sessions that fit everything that was understood."""
    understood = _understood(call, context)
    results = await _results(understood, context)
    if not results.query.parts and not results.query.title:
        return Reply(results.remarks)
    if found := results.selection.of(results.query):
        return _page(results, found)
    if some := results.with_some_words():
        return _page(results, some, fits=False)
    return _nothing(results)


def _understood(call: Call, context: Context) -> Understanding:
    """The typed line, and what was chosen in the fields of a form."""
    search = context.search
    understood = understand(call.get(WORDS) or "", search.names, context.today, search.correction)
    day, venue, level = call.get(ON), call.get(WHERE), call.get(LEVELS)
    chosen = [
        *([Part(SearchField.DAY, (day.isoformat(),))] if day else []),
        *([Part(SearchField.VENUE, (venue.name,))] if venue else []),
        *([Part(SearchField.LEVEL, (level,))] if level else []),
    ]
    fields, typed = {part.field for part in chosen}, understood.query
    query = Query.of((*chosen, *(part for part in typed.parts if part.field not in fields)), typed.title, typed.page)
    if not query.parts and not query.title:
        raise BadInputError(s("What should I look for? Try {example}", example=COMMAND.examples[0]))
    return replace(understood, query=query)


@dataclass(frozen=True, slots=True)
class _Results:
    """What a search selects for one person.

    Attributes:
        query: what can be searched for; `remarks` say what cannot.
        correct: looks up each word once for all buttons.
    """

    understood: Understanding
    query: Query
    remarks: tuple[Text, ...]
    selection: Selection
    ranking: Ranking
    correct: Correct
    context: Context

    def ordered(self, found: Numbers, *, fits: bool) -> list[list[Session]]:
        """The sessions, best first."""
        words = self.query.words
        by_words = self.context.search.about(words, every=fits) if words else ()
        return self.ranking.ordered(found, self.query, by_words)

    def with_some_words(self) -> Numbers:
        """The sessions that fit all filters and some of several words."""
        if len(self.query.words) < 2:  # noqa: PLR2004 — some of one word is nothing
            return frozenset()
        filters = Query(self.query.filters)
        return self.selection.of(filters) & frozenset(self.context.search.about(self.query.words, every=False))

    def button(self, label: str, query: Query) -> Button:
        """A button that searches for something else."""
        line = line_of(query, self.context.search.names, self.context.today, self.correct)
        return Button(label, COMMAND.name, {"words": line})


async def _results(understood: Understanding, context: Context) -> _Results:
    """Look up what depends on the person, if it was asked for."""
    query, remarks = understood.query, list(_remarks(understood.query, context))
    personal: dict[Part, Numbers] = {}
    place: Place | None = None
    for part in query.filters:
        if part.field is SearchField.FREE:
            personal[part] = await _free(context)
        if part.field is SearchField.NEAR:
            place = Place(part.values[0]) if part.values else await _whereabouts(context)
            if place:
                personal[part] = _near(place, context)
            else:
                query = replace(query, parts=query.without(part).parts)
                remarks.append(_where_are_you(context))
    names, sessions = context.search.names, context.schedule.sessions
    selection = Selection(names, sessions, context.now, cache(context.search.about), personal)
    ranking = Ranking(names, sessions, context.now, lambda session: _minutes(place, session, context))
    return _Results(understood, query, tuple(remarks), selection, ranking, cache(context.search.correction), context)


async def _free(context: Context) -> Numbers:
    fits = fits_agenda(context.attendee, await context.attendances(), context.schedule, context.now)
    return frozenset(number for number, session in enumerate(context.schedule.sessions) if fits(session))


async def _whereabouts(context: Context) -> Place | None:
    agenda = build_agenda(context.attendee, await context.attendances(), context.schedule, context.today)
    return whereabouts(context.attendee, agenda, context.schedule, context.now)[0]


def _near(place: Place, context: Context) -> Numbers:
    travel, walker, sessions = context.schedule.travel, context.attendee.walker, context.search.names.sessions
    venues = {venue for of, venue in sessions if of is SearchField.VENUE}
    legs = {venue: travel.best(place, Place(venue), walker, context.now) for venue in venues}
    near = {place.venue, *(venue for venue, leg in legs.items() if leg and leg.median <= NEAR_MINUTES)}
    return frozenset().union(*(sessions.get((SearchField.VENUE, venue), frozenset()) for venue in near))


def _where_are_you(context: Context) -> Text:
    venue = next((venue.name for venue in context.schedule.venues), s("Hall 1"))
    return t("I don't know where you are. Tell me, such as {here}.", here=Typed(f"/here {venue}"))


def _minutes(place: Place | None, session: Session, context: Context) -> float:
    """The walk from the place that was asked for; 0 if none was."""
    if place is None:
        return 0
    if session.place is None:
        return float("inf")
    leg = context.schedule.travel.best(place, session.place, context.attendee.walker, context.now)
    return leg.minutes if leg else float("inf")


def _remarks(query: Query, context: Context) -> Sequence[Text]:
    """What the schedule cannot answer, in words."""
    names, found = context.search.names, list[Text]()
    asked: Mapping[SearchField, Part] = {part.field: part for part in query.filters if not part.excluded}
    if SearchField.RECORDED in asked and not any(of is SearchField.RECORDED for of, _ in names.sessions):
        found.append(t("The schedule doesn't say what is recorded."))
    if SearchField.LEVEL in asked and not context.schedule.levels:
        found.append(t("The schedule has no levels."))
    day = asked.get(SearchField.DAY)
    if day and names.days and not any((SearchField.DAY, value) in names.sessions for value in day.values):
        first, last = day_text(names.days[0]), day_text(names.days[-1])
        title = context.schedule.conference.title
        found.append(t("{conference} is from {first} to {last}.", conference=title, first=first, last=last))
    return found


def _page(results: _Results, found: Numbers, *, fits: bool = True) -> Reply:
    """One page of sessions, with buttons for other pages and for what can be taken away.

    Args:
        results: of the search.
        found: the sessions.
        fits: whether they have all words; else they have some.
    """
    context, query = results.context, results.query
    groups = results.ordered(found, fits=fits)
    size = context.page_size or SHOWN
    pages = -(-len(groups) // size)
    page = min(query.page, pages)
    shown = [once(group) for group in groups[(page - 1) * size : page * size]]
    reader = Reader.of(context.attendee, context.schedule)
    speakers = [t("{names}", names=", ".join(session.speakers)) for session in shown]
    head = lines(
        *_heads(results, len(groups), fits=fits),
        *results.remarks,
        _next_page_text(results, page, pages),
        _count_text(page, pages, len(groups), size),
    )
    return Reply(
        head,
        numbered(shown, reader, speakers),
        (
            *_typeable(_page_buttons(results, page, pages)),
            *star_buttons(shown),
            *_typeable(_other_buttons(results, fits=fits)),
        ),
        listed=tuple(session.id for session in shown),
    )


def _heads(results: _Results, count: int, *, fits: bool) -> Sequence[Text]:
    """What was corrected, and what was understood, with the number of sessions."""
    corrections = results.understood.corrections
    used = ", ".join(each.used for each in corrections)
    corrected = t('Showing results for "{words}".', words=used) if corrections else ()
    asked = query_text(results.query)
    if fits:
        return corrected, n("{asked}: {count} session.", "{asked}: {count} sessions.", count, asked=asked)
    some = n("{count} session fits a part of it:", "{count} sessions fit a part of it:", count)
    return corrected, t("{asked}: none.", asked=asked), some


def _count_text(page: int, pages: int, count: int, size: int) -> Text:
    attend = Typed("/attend 1")
    if pages == 1:
        return n("Add it with {attend}:", "Add the first with {attend}:", count, attend=attend)
    first, last = (page - 1) * size + 1, min(page * size, count)
    return t("{first}-{last}. Add the first of these with {attend}:", first=first, last=last, attend=attend)


def _typeable(buttons: Iterable[Button]) -> tuple[Button, ...]:
    """The buttons whose line is no longer than the command takes."""
    return tuple(button for button in buttons if len(button.arguments["words"]) <= WORDS.type.max_length)


def _next_page_text(results: _Results, page: int, pages: int) -> Text:
    """How to type the next page, for a line that is too long for a button on some platform."""
    if page == pages or len(results.button("", results.query).arguments["words"]) <= LONG_LINE:
        return ()
    following = s("page {number}", number=page + 1)
    return t("For the next page, add {page} to your search.", page=Strong(following))


def _page_buttons(results: _Results, page: int, pages: int) -> list[Button]:
    query = results.query
    back = [results.button(s("◀ Previous"), query.on_page(page - 1))] if page > 1 else []
    return [*back, *([results.button(s("Next ▶"), query.on_page(page + 1))] if page < pages else [])]


def _other_buttons(results: _Results, *, fits: bool) -> list[Button]:
    """Search for what was typed, for a topic in place of a track, and without each of the parts."""
    understood, query = results.understood, results.query
    made = [results.button(s('Search for "{word}"', word=each.typed), each.as_typed) for each in understood.corrections]
    if understood.topic:
        topic = Part(SearchField.WORD, (understood.topic,))
        others = tuple(part for part in query.parts if part.field is not SearchField.TRACK)
        made.append(results.button(s("All about {topic}", topic=understood.topic), Query.of((*others, topic))))
    return [*made, *_removals(results, counted=not fits)]


def _removals(results: _Results, *, counted: bool) -> list[Button]:
    """A button for each part, which searches without it; with the number of sessions if nothing fits all parts."""
    counts = results.selection.count if counted else lambda _: None
    return [results.button(_removal_text(label, counts(rest)), rest) for rest, label in _rests(results.query)]


def _rests(query: Query) -> list[tuple[Query, str]]:
    """What is left without each of the parts, with the part in words."""
    words = [part for part in query.parts if part.is_searched]
    single = words if len(words) <= MOST_WORD_BUTTONS else []
    removals: list[tuple[Sequence[Part], str]] = [((part,), part_text(part)) for part in (*query.filters, *single)]
    if words and not single:
        removals.append((words, query_text(Query(tuple(words)))))
    rests = [(query.without(*parts), label) for parts, label in removals]
    return [(rest, label) for rest, label in rests if rest.parts]


def _removal_text(label: str, count: int | None) -> str:
    return s("✕ {part}", part=label) if count is None else s("✕ {part} ({count})", part=label, count=count)


def _nothing(results: _Results) -> Reply:
    """Say that nothing fits, and what would: other parts, a topic of the organizers, or the nearest titles."""
    context, query = results.context, results.query
    corrected, *_ = _heads(results, 0, fits=True)
    near, words = _nearest(results), [word for either in query.words for word in either.split(EITHER)]
    topics = [topic.name for topic in context.schedule.topics if any(key(word) in key(topic.name) for word in words)]
    info = tuple(Button(s("Info: {topic}", topic=name), "info", {"topic": name}) for name in topics[:SUGGESTED])
    text = t("{asked}: I found no sessions.", asked=query_text(query))
    hint = t("Did you mean one of these?") if near else _hint(results)
    return Reply(
        lines(corrected, text, *results.remarks, hint),
        numbered(near, Reader.of(context.attendee, context.schedule)),
        (*info, *star_buttons(near), *_typeable(_other_buttons(results, fits=False))),
        listed=tuple(session.id for session in near),
    )


def _hint(results: _Results) -> Text:
    """Say which part to leave out, with what would be found then."""
    counts = [(label, results.selection.count(rest)) for rest, label in _rests(results.query)]
    fitting = [s("{part} ({count})", part=label, count=count) for label, count in counts if count]
    if fitting:
        return t("You could leave out: {parts}.", parts=", ".join(fitting))
    return t("Try other words.")


def _nearest(results: _Results) -> list[Session]:
    """Sessions with a title like the typed words; nothing is like lunch but lunch."""
    query, search = results.query, results.context.search
    if query.filters or len(query.words) < 2 or any(word in MEALS for word in query.words):  # noqa: PLR2004 — one word is no title
        return []
    return search.nearest(" ".join(query.words), SUGGESTED)


COMMAND = Command(
    "find",
    "Find sessions by topic, speaker, kind, day, time or place",
    handle,
    (WORDS, ON, WHERE, LEVELS),
    examples=("/find kubernetes security", "/find chalk talks tuesday afternoon at Wynn", "/find security free for me"),
)
