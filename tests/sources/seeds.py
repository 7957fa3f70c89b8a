"""One small good file for each format, with two sessions: what fuzzing starts from."""

from datetime import date, time

from tests.support.workbooks import workbook

FRAB_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<schedule><conference><title>Tiny</title><start>2026-01-31</start><day_change>04:00</day_change>
<time_zone_name>Europe/Brussels</time_zone_name></conference>
<day date="2026-01-31" index="1"><room name="K.1">
<event guid="g1" id="7"><date>2026-01-31T09:30:00+01:00</date><start>09:30</start><duration>00:20</duration><room>K.1</room>
<slug>SFKNTZ-welcome</slug><title>Welcome</title><track>Main</track><recording><optout>true</optout></recording>
<persons><person id="1">Ada</person></persons></event>
<event id="8"><start>24:00</start><duration>1:00</duration><title>Late</title></event></room></day></schedule>
"""
FRAB_JSON = b"""{"schedule": {"conference": {"title": "Tiny", "time_zone_name": "UTC", "start": "2026-01-31",
"rooms": [{"guid": "r1", "name": "Hall"}], "days": [{"date": "2026-01-31", "rooms": {"Hall": [
{"guid": "g1", "id": 7, "date": "2026-01-31T09:30:00+00:00", "start": "09:30", "duration": "00:20", "room": "Hall",
"title": "Welcome", "persons": [{"public_name": "Ada"}]}]}}]}, "events": [{"guid": "g2", "title": {"en": "Late"},
"start": "2026-01-31T23:00:00Z", "end": "2026-02-01T00:00:00Z", "room": {"guid": "r1"}, "participants": [{"name": "Bob"}]}]}}
"""
ICAL = b"""BEGIN:VCALENDAR\r
X-WR-CALNAME:Tiny\r
BEGIN:VEVENT\r
UID:a\r
SUMMARY:One\\, two\r
DTSTART;TZID=Europe/Brussels:20260131T093000\r
DTEND;VALUE=DATE-TIME:20260131T093000Z\r
LOCATION:Hall 8 | Room E\\, Amsterdam\r
CATEGORIES:KEYNOTE\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:b\r
SUMMARY:Three\r
DTSTART:20260131T103000Z\r
DURATION:PT1H\r
RRULE:FREQ=DAILY\r
END:VEVENT\r
END:VCALENDAR\r
"""
SESSIONIZE = b"""{"sessions": [{"id": "1", "title": "A", "startsAt": "2026-01-31T09:30:00", "endsAt": "2026-01-31T10:00:00",
"isServiceSession": false, "speakers": ["s"], "categoryItems": [5], "roomId": 9},
{"id": "2", "title": "B", "startsAt": "2026-01-31T10:30:00Z", "endsAt": "2026-01-31T11:00:00Z", "isServiceSession": true}],
"speakers": [{"id": "s", "fullName": "Ada"}], "categories": [{"title": "Track", "items": [{"id": 5, "name": "Web"}]}],
"rooms": [{"id": 9, "name": "Hall"}]}
"""
CATALOG_CSV = b"""code,title,date,startTime,endTime,room,speakers
ARC1,"Queues, again",2026-01-31,09:30,10:30,Wynn | Level 1 | A,"Ada, Bob"
ARC2,Night,2026-01-31,11:30 PM,00:30,,
"""
CATALOG_JSON = b"""{"items": [{"abbreviation": "API319", "sessionId": "s1", "venue": "Caesars Forum", "room": "Level 1",
"sessionTime": {"date": "2026-11-30", "length": "60", "time": "16:00"}, "topics": ["A", "B"], "title": "Agents"},
{"title": "Epoch", "id": 2, "startTimestamp": 1557279000000, "endTimestamp": 1557280800000, "speakers": ["x"]}]}
"""
MAP = """title = "Tiny"
zone = "Europe/Brussels"
sessions = "days.*.talks"
times = ["%d.%m.%Y %H:%M"]
[fields]
uid = "n"
title = ["name", "more"]
start = "begins"
length = "minutes"
room = {path = "where", in = "rooms", by = "key", take = "called"}
speakers = {path = "who", in = "people"}
track = {path = "tags", starts = "topic_"}
"""
MAPPED = b"""{"days": {"mon": {"talks": [{"n": 1, "name": "A", "more": "and B", "begins": "31.01.2026 09:30", "minutes": 20, "where": 4,
"who": ["p"], "tags": ["level_1", "topic_web"]}]}, "tue": {"talks": [{"n": 2, "name": "C", "begins": 1769850000}]}},
"rooms": [{"key": 4, "called": "Hall"}], "people": {"p": {"name": "Ada"}}}
"""
XLSX = workbook(
    {
        "Sessions": (
            ("Title", "Date", "Start", "End", "Room"),
            ("A", date(2026, 1, 31), time(9, 30), "09:50", "Hall"),
            ("B", "31.01.2026", 0.5, None, None),
        )
    },
    {"C3": "h:mm"},
)
SEEDS = {
    "frab-xml": FRAB_XML,
    "frab-json": FRAB_JSON,
    "ical": ICAL,
    "sessionize": SESSIONIZE,
    "catalog-csv": CATALOG_CSV,
    "catalog-json": CATALOG_JSON,
    "mapped": MAPPED,
    "xlsx": XLSX,
}
