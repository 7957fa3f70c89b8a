"""The plain words of a search: phrases that stand for a part, and words that say nothing about a session."""

from collections.abc import Mapping

from bot.domain.search_query.query import Part, SearchField

MORNING, AFTERNOON, EVENING, LUNCHTIME, NIGHT = "morning", "afternoon", "evening", "lunchtime", "night"
DAYTIMES: Mapping[str, tuple[int, int]] = {
    MORNING: (4 * 60, 12 * 60),
    LUNCHTIME: (12 * 60, 14 * 60),
    AFTERNOON: (12 * 60, 18 * 60),
    EVENING: (18 * 60, 28 * 60),
    NIGHT: (21 * 60, 28 * 60),
}
"""Parts of the day, in minutes from midnight: sessions that start in [from, to) belong to it."""
NOON, MIDNIGHT, AFTER_LUNCH = 12 * 60, 24 * 60, 13 * 60

_FREE, _NEAR = Part(SearchField.FREE), Part(SearchField.NEAR)
_RECORDED, _NOT_RECORDED = Part(SearchField.RECORDED, ("yes",)), Part(SearchField.RECORDED, ("no",))
_COMING, _RUNNING = Part(SearchField.COMING), Part(SearchField.RUNNING)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _daytime(name: str) -> Part:
    return Part(SearchField.DAYTIME, (name,))


PHRASES: Mapping[str, tuple[Part, ...]] = {
    **dict.fromkeys(
        (
            "free for me", "fits my agenda", "fit my agenda", "fitting my agenda", "fits in my agenda",
            "fit in my agenda", "fits into my agenda", "fit into my agenda", "fits my schedule", "fit my schedule",
            "fits me", "fit me", "when i'm free", "when im free", "when i am free", "while i'm free",
            "while i am free", "i'm free", "i am free", "i can make", "i can attend", "i can go to", "i have time for",
            "i have time", "in my free time", "in my gap", "in my gaps", "that fits", "that fit",
        ),
        (_FREE,),
    ),
    **dict.fromkeys(
        (
            "near me", "nearby", "near by", "near here", "close to me", "close by", "close to here", "around me",
            "around here", "nearest to me", "closest to me", "in walking distance",
            "within walking distance", "where i am", "not far", "in this building", "in my building",
        ),
        (_NEAR,),
    ),
    **dict.fromkeys(
        (
            "not recorded", "unrecorded", "not being recorded", "no recording", "without recording",
            "without a recording", "isn't recorded", "aren't recorded", "is not recorded", "are not recorded",
            "won't be recorded", "will not be recorded", "never recorded",
        ),
        (_NOT_RECORDED,),
    ),
    **dict.fromkeys(
        (
            "recorded", "is recorded", "are recorded", "being recorded", "will be recorded", "with recording",
            "with a recording", "with recordings",
        ),
        (_RECORDED,),
    ),
    **dict.fromkeys(
        (
            "upcoming", "still to come", "to come", "yet to come", "coming up", "later today", "from now on",
            "from now", "not over", "not over yet", "after now",
        ),
        (_COMING,),
    ),
    **dict.fromkeys(
        ("now", "right now", "running now", "on now", "at the moment", "currently", "under way"),
        (_RUNNING,),
    ),
    **dict.fromkeys(("morning", "mornings", "in the morning"), (_daytime(MORNING),)),
    **dict.fromkeys(("afternoon", "afternoons", "in the afternoon"), (_daytime(AFTERNOON),)),
    **dict.fromkeys(("evening", "evenings", "in the evening"), (_daytime(EVENING),)),
    **dict.fromkeys(("at night", "late night", "late at night"), (_daytime(NIGHT),)),
    **dict.fromkeys(
        (
            "lunchtime", "lunch time", "over lunch", "during lunch", "at lunch", "at lunchtime", "midday", "mid-day",
            "around noon", "around lunch", "at midday",
        ),
        (_daytime(LUNCHTIME),),
    ),
    "before lunch": (Part(SearchField.BEFORE, (str(NOON),)),),
    "after lunch": (Part(SearchField.AFTER, (str(AFTER_LUNCH),)),),
    "before midday": (Part(SearchField.BEFORE, (str(NOON),)),),
    "after midday": (Part(SearchField.AFTER, (str(NOON),)),),
}  # fmt: skip
"""Phrases with the parts that they stand for. `later today` says the day too, but what is to come today is nearest."""
LONGEST_PHRASE = max(len(phrase.split()) for phrase in PHRASES)

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "ar": ("arabic",),
    "ca": ("catalan", "català"),
    "cs": ("czech", "čeština"),
    "da": ("danish", "dansk"),
    "de": ("german", "deutsch", "auf deutsch"),
    "el": ("greek",),
    "en": ("english", "englisch", "auf englisch"),
    "es": ("spanish", "español", "castellano"),
    "fi": ("finnish", "suomi"),
    "fr": ("french", "français", "en français"),
    "he": ("hebrew",),
    "hi": ("hindi",),
    "hu": ("hungarian", "magyar"),
    "it": ("italian", "italiano"),
    "ja": ("japanese", "日本語"),
    "ko": ("korean", "한국어"),
    "nl": ("dutch", "nederlands"),
    "no": ("norwegian", "norsk"),
    "pl": ("polish", "polski"),
    "pt": ("portuguese", "português"),
    "ro": ("romanian", "română"),
    "ru": ("russian", "русский"),
    "sv": ("swedish", "svenska"),
    "tr": ("turkish", "türkçe"),
    "uk": ("ukrainian", "українська"),
    "zh": ("chinese", "mandarin", "中文"),
}
"""Names of languages by their code; a schedule writes the one or the other."""

LEVELS: Mapping[str, tuple[str, ...]] = {
    "100": ("beginner", "foundational", "introductory", "beginner level", "entry level"),
    "200": ("intermediate", "intermediate level"),
    "300": ("advanced level",),
    "400": ("expert", "expert level"),
}
"""What people call the levels that a schedule only numbers. `Advanced` alone is a word of many titles."""

GENERIC = frozenset({"session", "talk", "activity", "training", "track", "presentation"})
"""Words, in the singular, that a kind needs no more once its first word is known: `breakout`, `chalk`."""

TRACK_MARKERS = frozenset({"track", "devroom"})
"""Beside one of these, a word of a track's name stands for the track."""
MARKERS: Mapping[str, tuple[SearchField, ...]] = {
    "in": (SearchField.VENUE, SearchField.ROOM, SearchField.LANGUAGE, SearchField.TRACK),
    "at": (SearchField.VENUE, SearchField.ROOM),
    "room": (SearchField.ROOM,),
    "rooms": (SearchField.ROOM,),
    "hall": (SearchField.ROOM,),
    "venue": (SearchField.VENUE,),
    "building": (SearchField.VENUE, SearchField.ROOM),
    "hotel": (SearchField.VENUE,),
    "by": (SearchField.SPEAKER,),
    "with": (SearchField.SPEAKER,),
    "speaker": (SearchField.SPEAKER,),
    "speakers": (SearchField.SPEAKER,),
    "presenter": (SearchField.SPEAKER,),
    "track": (SearchField.TRACK,),
    "devroom": (SearchField.TRACK,),
    "level": (SearchField.LEVEL,),
    "language": (SearchField.LANGUAGE,),
    "near": (SearchField.NEAR,),
    "kind": (SearchField.KIND,),
    "type": (SearchField.KIND,),
}
"""A word before a name, with the fields that it announces, the likeliest first."""
TRAILING: Mapping[str, SearchField] = {
    "track": SearchField.TRACK,
    "devroom": SearchField.TRACK,
    "room": SearchField.ROOM,
    "building": SearchField.VENUE,
    "hotel": SearchField.VENUE,
    "level": SearchField.LEVEL,
    "language": SearchField.LANGUAGE,
}
"""A word after a name that says what the name is: `Rust track`, `K building`."""

STOP_WORDS = _words(
    """
    a about all also am an and any anything are around at be been being by can could did do does during each events
    every everything find for from get give go going good got had has have having he held her here him his how i i'd
    i'll i'm i've if in interested interesting into is it it's its just kind learn let let's like list look looking me
    my need next of offer offered on one ones or other our over please related schedule search see session sessions
    she should show some something start starting starts take takes taking talk talks than that that's the their them
    then there there's these they thing things this those to topic topics us using want wanna was we were what what's
    when where where's which while who who's whose why will with would you your happening presentation presentations
    available cover covers covering covered regarding concerning pm et und der die das für mit im building room hall
    track devroom level venue hotel speaker speakers rooms type anyone someone either both
    """
)
"""Words that say nothing about a session, unless the line has no others."""
VERB_BEFORE = frozenset({"to", "i", "can", "could", "should", "we", "where", "let's"})
"""After one of these a name that is also a plain word is the plain word: `where to go`, and not the track Go."""

MEALS = _words(
    """
    lunch breakfast dinner coffee tea drinks snack snacks registration badge expo exhibition swag party reception
    cloakroom toilet toilets restroom restrooms wifi parking shuttle shuttles keynote keynotes break breaks
    """
)
"""What people ask for by name at every conference. It is spelled right, also where the schedule does not have it."""


def spelled_words() -> frozenset[str]:
    """Return every word that a search understands, so that it is not corrected as a typing error."""
    phrases = (word for phrase in (*PHRASES, *MARKERS, *TRAILING) for word in phrase.split())
    named = (name for names in (*LANGUAGES.values(), *LEVELS.values()) for phrase in names for name in phrase.split())
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow")
    times = ("noon", "midnight", "weekend", "between", "before", "after", "until", "tonight", *DAYTIMES)
    return frozenset((*phrases, *named, *STOP_WORDS, *MEALS, *days, *times, *GENERIC))
