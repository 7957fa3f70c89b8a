"""What every store keeps of conferences: who may follow them, and nothing of one that is deleted."""

from dataclasses import replace

from bot.app.ports import ConferenceRecord, Store
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.imports.feed import Feed
from bot.domain.imports.organizer_facts import changed
from bot.domain.schedule.organizer_changes import CREATES, ChangeKind
from tests.builders import CONFERENCE, at, schedule

OWN = replace(CONFERENCE, slug="own", title="Our own")


async def test_a_new_conference_belongs_to_its_owner_or_is_published(store: Store) -> None:
    async with store.write_transaction() as work:
        here = await work.communities.add("console", "club")
        await work.conferences.save(schedule())
        await work.conferences.save(schedule(conference=OWN), owner=here.id)
        await work.conferences.save(schedule(conference=replace(OWN, revision=5)))
    async with store.read_transaction() as work:
        records = await work.conferences.records()
        assert await work.conferences.published() == [CONFERENCE]
        assert await work.conferences.available([here.id + 1]) == [CONFERENCE]
        assert await work.conferences.available([here.id]) == [CONFERENCE, replace(OWN, revision=5)]
        assert await work.conferences.record("own") == records[1]
        assert await work.conferences.record("other") is None
    assert records == [
        ConferenceRecord(CONFERENCE),
        ConferenceRecord(replace(OWN, revision=5), published=False, owner=here.id),
    ]


async def test_what_is_archived_is_offered_to_nobody(store: Store) -> None:
    record = ConferenceRecord(replace(CONFERENCE, title="Cloud"), archived=True, owner=7)
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        await work.conferences.save_record(record)
        await work.conferences.save_record(replace(record, conference=OWN))
        assert await work.conferences.records() == [record]
        assert await work.conferences.available([7]) == []
        assert (await work.conferences.load("cloud21") or schedule()).conference.title == "Cloud"


async def test_communities_with_attendees_keep_what_they_follow(store: Store) -> None:
    async with store.write_transaction() as work:
        ada = await work.people.join("console", "club", "ada")
        eve = await work.people.join("console", "other", "eve")
        await work.communities.add("console", "unused")
        await work.communities.save(replace(eve.community, conference="own"))
        await work.communities.pin("cloud21")
        assert [community.tenant for community in await work.communities.following("cloud21")] == ["club"]
        assert [community.tenant for community in await work.communities.following("own")] == ["other"]
        await work.communities.save(replace(ada.community, conference="cloud21", left_at=at(9)))
        assert await work.communities.following("cloud21") == []


async def test_nothing_is_left_of_a_deleted_conference(store: Store) -> None:
    async with store.write_transaction() as work:
        ada = await work.people.join("console", "club", "ada")
        await work.communities.save(replace(ada.community, conference="cloud21"))
        for conference in (CONFERENCE, OWN):
            await work.conferences.save(schedule(conference=conference))
            await work.attendances.put(ada.id, conference.slug, Attendance("arc301", Choice.GOING))
            await work.feeds.save(Feed(conference.slug, "https://cloud.example", at(8)))
        await work.held_copies.put("cloud21", b"held")
        await work.conferences.delete("cloud21")
    async with store.read_transaction() as work:
        assert [record.conference.slug for record in await work.conferences.records()] == ["own"]
        assert await work.conferences.load("cloud21") is None
        assert (await work.feeds.get("cloud21"), await work.held_copies.get("cloud21")) == (None, None)
        assert await work.attendances.of_attendee(ada.id, "cloud21") == []
        assert len(await work.attendances.of_attendee(ada.id, "own")) == 1
        club = await work.communities.get("console", "club")
    assert club
    assert club.conference is None


async def test_a_conference_outlives_its_owner_and_a_feed_can_be_removed(store: Store) -> None:
    async with store.write_transaction() as work:
        here = await work.communities.add("console", "club")
        await work.conferences.save(schedule(), owner=here.id)
        await work.feeds.save(Feed("cloud21", "https://cloud.example", at(8)))
        await work.held_copies.put("cloud21", b"held")
        await work.feeds.remove("cloud21")
        assert (await work.feeds.get("cloud21"), await work.held_copies.get("cloud21")) == (None, None)
        await work.communities.save(replace(here, left_at=at(8)))
        await work.communities.forget_left(at(9))
        assert await work.conferences.records() == [ConferenceRecord(CONFERENCE, published=False)]


async def test_what_organizers_changed_is_stored_with_what_files_say(store: Store) -> None:
    made = changed(schedule(), ChangeKind.TOPIC, "Lunch", {CREATES: True, "text": "Soup."}, at(8))
    made = changed(made, ChangeKind.TOPIC, "Parking", {CREATES: True, "text": "None."}, at(9))
    made = changed(made, ChangeKind.TOPIC, "lunch", None, at(9))
    made = changed(made, ChangeKind.SETTING, "walk-up for workshop", {CREATES: True, "value": 30}, at(9))
    door = {"entrances+": [[36.1, -115.1, True], [36.2, -115.1, None]], "lat": 36.0}
    made = changed(made, ChangeKind.VENUE, "MGM Grand", door, at(10))
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        await work.conferences.save(made)
    async with store.read_transaction() as work:
        assert await work.conferences.load("cloud21") == made
    async with store.write_transaction() as work:
        await work.conferences.delete("cloud21")
        await work.conferences.save(schedule())
    async with store.read_transaction() as work:
        assert await work.conferences.load("cloud21") == schedule()
