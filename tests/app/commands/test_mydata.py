"""`/mydata`."""

import json

from tests.fakes.app_harness import AppHarness


async def test_everything_is_handed_over_as_json(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend SEC203 reserved", "/nudges 15m 22:00-07:00")
    (file,) = (await app.ask("/mydata")).files
    data = json.loads(file.content)
    assert (file.name, file.media_type) == ("hallway-my-data.json", "application/json")
    assert data["you"]["stay"] == "MGM Grand"
    assert data["you"]["quiet"] == "22:00-07:00"
    assert data["you"]["community"] == {"platform": "console", "tenant": "club"}
    assert data["sessions"] == [
        {
            "session": "sec203",
            "choice": "going",
            "reserved": True,
            "backup_of": None,
            "left_at": None,
            "last_notified": None,
            "chosen_at": "2021-11-29T16:00:00+00:00",
            "must": False,
        }
    ]
    assert [nudge["kind"] for nudge in data["nudges"]] == ["leave-by", "evening-recap"]


async def test_what_somebody_did_as_an_organizer_is_handed_over_too(app: AppHarness) -> None:
    await app.say("/settings")
    await app.say("/organizer add ada until 2h", organizer=True)
    await app.say("/settings")
    (file,) = (await app.ask("/mydata")).files
    data = json.loads(file.content)
    now = "2021-11-29T16:00:00+00:00"
    assert data["organizer"] == {"since": now, "until": "2021-11-29T18:00:00+00:00"}
    assert data["organizer_log"] == [
        {"at": now, "what": "/settings", "allowed": True},
        {"at": now, "what": "/organizer add until 2h", "allowed": True},
        {"at": now, "what": "/settings", "allowed": False},
    ]
    app.user = "bob"
    (file,) = (await app.ask("/mydata")).files
    assert (json.loads(file.content)["organizer"], json.loads(file.content)["organizer_log"]) == (None, [])
