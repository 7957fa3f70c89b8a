"""Column and member names in schedules, and the fact that each of them holds."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.sources.states import FLAGS, flag_state
from bot.sources.text import without_asides

FACTS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "sessiontitle", "name", "sessionname", "talktitle", "eventtitle", "eventname", "subject",
              "presentation", "talk", "event", "session"),
    "code": ("code", "abbreviation", "sessioncode", "shortcode"),
    "uid": ("sessiontimeid", "sessionid", "uid", "guid", "id", "eventkey", "confkey", "uuid"),
    "date": ("date", "day", "startdate", "sessiontimedate", "sessiondate", "eventdate"),
    "start": ("starttime", "start", "time", "sessiontimetime", "startsat", "starttimestamp", "timestart", "begin",
              "begins", "from", "eventstart", "scheduledat", "startdatetime", "datetime", "starts", "fromdate",
              "fromtimemillis", "fromtime"),
    "end": ("endtime", "end", "endsat", "endtimestamp", "timeend", "ends", "finish", "until", "to", "eventend",
            "enddatetime", "todate", "totimemillis", "totime"),
    "length": ("length", "lengthmin", "duration", "durationmin", "sessiontimelength", "scheduledduration", "minutes",
               "durationminutes"),
    "room": ("room", "location", "roomname", "roomlocation", "rooms", "microlocation", "place", "where"),
    "venue": ("venue", "hotel", "venuename", "building"),
    "kind": ("type", "kind", "sessiontype", "format", "sessionformat", "eventtype", "submissiontype"),
    "level": ("level", "sessionlevel", "audiencelevel", "experiencelevel"),
    "track": ("track", "topics", "topic", "tracks", "trackname", "scheduletrack"),
    "speakers": ("speakers", "speaker", "presenters", "presenter", "speakernames", "speakerids", "authors",
                 "participants"),
    "abstract": ("abstract", "description", "summary"),
    "language": ("language", "lang"),
    "recorded": ("recorded", "isrecorded"),
    "recording": ("recordingurl", "recordinglink", "videodownloadurl", "videourl", "videolink", "youtubeurl",
                  "youtubelink", "youtube", "replayurl", "recording", "video"),
    "overflow": ("overflowroom", "overflow", "overflowlocation"),
    "state": ("state", "status", "sessionstatus", "sessionstate", "eventstatus", "eventstate", "submissionstatus",
              "submissionstate"),
}  # fmt: skip
"""Names of each fact; case and blanks are ignored. Earlier names win: `Title` goes before `Event`."""
_MEANS = {alias: (name, rank) for name, aliases in FACTS.items() for rank, alias in enumerate(aliases)}
LONGEST_NAME = 200
"""Characters of a column or member name that are looked at."""
_NO_LETTER = re.compile(r"[^a-z]")

Row = Mapping[str, str]


def meaning(name: str) -> str:
    """Return the fact that a column of this name holds; "" if unknown."""
    letters = _letters(name)
    return "flags" if letters in FLAGS else _MEANS.get(letters, ("", 0))[0]


def _letters(name: str) -> str:
    return _short_letters(name[:LONGEST_NAME])


@lru_cache(maxsize=1024)
def _short_letters(name: str) -> str:
    """Remember the letters: the names of a file are the same in each row."""
    return _NO_LETTER.sub("", without_asides(name).casefold())


def recognised_facts(pairs: Iterable[tuple[str, str]]) -> Row:
    """Pick the facts among (name, value) pairs; if several names hold one fact, the best-ranked non-empty one wins."""
    row: dict[str, str] = {}
    ranks: dict[str, int] = {}
    flags: list[str] = []
    for name, value in pairs:
        letters = _letters(name)
        if letters in FLAGS and (state := flag_state(letters, value)):
            flags.append(state)
        fact, rank = _MEANS.get(letters, ("", 0))
        if fact and value.strip() and rank < ranks.get(fact, len(_MEANS)):
            row[fact], ranks[fact] = value, rank
    return {**row, "flags": "; ".join(flags)} if flags else row
