"""Asks other organizers about a held announcement whose author is no longer an organizer, or was deleted."""

from dataclasses import dataclass
from datetime import datetime

from bot.app.access.authorization import PermissionChecker
from bot.app.announcements.recipients import AnnouncementContext
from bot.app.ports import Store
from bot.app.ports.announcements import RECENT_ORGANIZER
from bot.app.schedules.announcement_plans import question
from bot.domain.attendee.attendee import Attendee

MOST_ASKED = 5
"""Organizers who are asked: the question needs one answer."""
MOST_READ = 500
"""Entries of the audit log to search for organizers who were not added with `/organizer add`."""


@dataclass(frozen=True, slots=True)
class HeldQuestions:
    """Creates deliveries with the question. The author was asked in the transaction that held the announcement."""

    store: Store
    permissions: PermissionChecker

    async def ask(self, case: AnnouncementContext, now: datetime) -> bool:
        """Ask others if the author cannot decide; returns whether somebody is asked.

        Raises:
            SendError: the platform cannot be asked who organizes.
        """
        if case.author and await self.permissions.check(case.community, case.author.user, now):
            return False
        organizers: list[Attendee] = []
        for person in await self._candidates(case, now):
            if len(organizers) < MOST_ASKED and await self.permissions.check(case.community, person.user, now):
                organizers.append(person)
        owed = [(case.community, question(case.announcement, person, case.schedule, now)) for person in organizers]
        async with self.store.write_transaction() as work:
            if await work.announcements.get(case.announcement.id) == case.announcement:
                await work.deliveries.add(owed, now)
        return bool(owed)

    async def _candidates(self, case: AnnouncementContext, now: datetime) -> list[Attendee]:
        """Return recently appointed or active organizers who agreed to direct messages, the most recent first."""
        community = case.community
        async with self.store.read_transaction() as work:
            entries = await work.audit.latest(community.id, MOST_READ)
            lately = [entry.user for entry in entries if entry.allowed and entry.at > now - RECENT_ORGANIZER]
            named = [
                organizer.user
                for organizer in await work.organizers.of_community(community.id)
                if organizer.is_valid_at(now)
            ]
            users = dict.fromkeys(user for user in (*lately, *named) if user)
            people = [await work.people.find(community.platform, community.tenant, user) for user in users]
        mine = case.author.id if case.author else None
        return [person for person in people if person and person.id != mine and person.may_be_asked]
