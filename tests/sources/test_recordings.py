"""Addresses of recordings, as each format has them."""

from pathlib import Path

import pytest

from bot.sources import parse_draft
from bot.sources.recordings import recording_among

XML = """<?xml version="1.0"?><schedule><conference><title>Conf</title></conference>
<day date="2026-01-31" index="1"><room name="Janson"><event id="1" guid="a"><start>10:00</start>
<duration>00:50</duration><title>Keynote</title>{}</event></room></day></schedule>"""
MP4, WEBM = "https://video.example/2026/janson/a.mp4", "https://video.example/2026/janson/a.av1.webm"
FOSDEM = f"""<links><link href="https://git.example/">Video project</link>
<link href="{WEBM}">Video recording (AV1/WebM) - 93.3 MB</link>
<link href="{MP4}">Video recording (MP4) - 409.4 MB</link></links>"""
JSON = (
    '{{"schedule": {{"conference": {{"title": "Conf", "days": [{{"date": "2026-01-31", "rooms": {{"Janson": [{{"id": 1, \
"start": "10:00", "duration": "00:50", "title": "Keynote", {}}}]}}}}]}}}}}}'
)
ICS = "\r\n".join(
    (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Keynote",
        "DTSTART:20260131T090000Z\r\nDTEND:20260131T100000Z",
        "ATTACH;FMTTYPE=application/pdf:https://slides.example/a.pdf",
        f"ATTACH;FMTTYPE=video/mp4:{MP4}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )
)
GRID = '[{{"date": "2026-01-31", "rooms": [{{"id": 1, "name": "Janson", "sessions": [{{"id": "1", "title": "Keynote", \
"startsAt": "2026-01-31T09:00:00Z", "endsAt": "2026-01-31T10:00:00Z", "isServiceSession": false, "room": "Janson", \
"recordingUrl": {}}}]}}]}}]'


def only(text: str) -> tuple[str, str]:
    """The address of the only session, and whether it is recorded."""
    (session,) = parse_draft(text.encode(), "file").sessions
    return session.recording_url, session.recorded.value


@pytest.mark.parametrize(
    "text",
    [
        XML.format(FOSDEM),
        XML.format(f"<recording><license/><optout>false</optout><link>{MP4}</link></recording>"),
        XML.format(f"<recording><optout>false</optout><url>{MP4}</url><link>{WEBM}</link></recording>{FOSDEM}"),
        XML.format(f"<video_download_url>\n {MP4} </video_download_url>"),
        JSON.format(f'"video_download_url": "{MP4}"'),
        JSON.format(f'"recording": {{"url": "{MP4}"}}'),
        JSON.format(f'"links": [{{"title": "Video recording (mp4)", "url": "{MP4}"}}, {{"title": null, "url": 3}}]'),
        f"title,date,startTime,endTime,room,Recording URL\nKeynote,2026-01-31,10:00,11:00,Janson,{MP4}\n",
        f"title,date,startTime,endTime,room,Video\nKeynote,2026-01-31,10:00,11:00,Janson,{MP4}\n",
        f'[{{"title": "Keynote", "startTime": "2026-01-31T10:00Z", "youtubeUrl": "{MP4}"}}]',
        GRID.format(f'"{MP4}"'),
        ICS,
    ],
)
def test_each_format_has_the_address_of_a_recording(text: str) -> None:
    assert only(text) == (MP4, "unknown")


def test_a_column_called_recording_may_say_yes_or_no() -> None:
    table = "title,date,startTime,endTime,room,Recording\nKeynote,2026-01-31,10:00,11:00,Janson,"
    assert (only(f"{table}yes\n"), only(f"{table}No\n")) == (("", "yes"), ("", "no"))
    assert only(f"{table}{MP4}\n") == (MP4, "unknown")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://video.example/a",
        "https://user@video.example/a",
        "https://host/a",
        "x" * 2_000,
        f"https://video.example/{'a' * 600}",
        "https:///a",
        "data:text/html,x",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_no_button_can_open_is_left_out_and_reported(address: str) -> None:
    text = f"title,date,startTime,endTime,room,video url\nKeynote,2026-01-31,10:00,11:00,Janson,{address}\n"
    draft = parse_draft(text.encode(), "file.csv")
    assert [session.recording_url for session in draft.sessions] == [""]
    (remark,) = draft.warnings
    assert remark.what.startswith("'Keynote': no button can open the address of its recording: ")
    assert len(remark.what) < 200


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Video recording (WebM/VP9)", True),
        ("Video recording (AV1/WebM) - 93.3 MB", True),
        ("Video (DIVX)", True),
        ("Session recording", True),
        ("Recording", False),
        ("Video", False),
        ("Recording of a previous iteration of the talk.", False),
        ("Demonstration Video (works better as download rather than stream)", False),
        ("LCA 2020 Video (full talk)", False),
        ("Slides", False),
        ("", False),
    ],
)
def test_what_speakers_link_to_is_no_recording_of_the_session(name: str, is_one: bool) -> None:
    assert recording_among([(name, WEBM)]) == (WEBM if is_one else "")


@pytest.mark.parametrize(
    ("file", "count", "host"),
    [
        ("fosdem_2020.xml", 724, "https://video.fosdem.org/2020/"),
        ("fosdem_2010.xml", 23, "http://video.fosdem.org/2010/"),
        ("fosdem_2026.xml", 0, ""),
        ("38c3_hub_2025-12-06.xml", 0, ""),
        ("frab_camp2019.json", 0, ""),
        ("droidcon_london2024_gridsmart.json", 0, ""),
        ("google_io_2019.json", 0, ""),
    ],
)
def test_the_recordings_of_real_schedules(shared_data: Path, file: str, count: int, host: str) -> None:
    path = shared_data / "schedules" / file
    found = [row.recording_url for row in parse_draft(path.read_bytes(), file).sessions if row.recording_url]
    assert len(found) == count
    assert all(address.startswith(host) for address in found)
    assert all(address.endswith(".mp4") for address in found) or "2010" in host
