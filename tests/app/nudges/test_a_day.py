"""A day from the evening before to the morning after: what stands on the agenda, what is sent, when, in which words."""

from dataclasses import replace
from datetime import timedelta

from adapters.console.render import TerminalStyle, lines_of
from bot.app.messages import Reply
from bot.app.ports import Receipt
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.schedule.session import Recorded
from tests.builders import FORUM, MGM, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness, FakeMessenger, FrozenClock

DAY = [
    session("KEY1", at(8), VENETIAN, title="Opening keynote", recorded=Recorded.YES),
    session("SEC310", at(9, 20), FORUM, title="Who holds the keys?"),
    session("DAT322", at(11), FORUM, title="One tired query", recorded=Recorded.YES),
    session("DOP301", at(11, 30), FORUM, title="The quiet deploy"),
    session("DOP301-R", at(16), FORUM, title="The quiet deploy"),
    session("LUN1", at(12, 30), FORUM, 90, title="Lunch", kind="Meal"),
    session("NET404", at(13, 20), MGM, title="Packets on foot"),
    session("AIM212", at(14), FORUM, 30, title="Forecasting umbrellas"),
    session("PTY1", at(23, 30), MGM, title="Jam session"),
]
"""The second is reached only by slipping out of the first, and has a seat; the third clashes with the fourth, which has
a repeat; the last two before the night clash because of the walk, and the night is in quiet hours."""
LINES = (
    "/hotel MGM",
    "/nudges 22:00-07:00",
    "/attend KEY1",
    "/attend SEC310 reserved",
    "/attend DAT322",
    "/attend DOP301",
    "/attend LUN1",
    "/attend AIM212",
    "/attend NET404",
    "/attend PTY1",
)


async def test_every_message_of_a_day_in_its_words() -> None:
    app = await AppHarness(moment=at(19, day=28)).publish(schedule(DAY))
    for line in LINES:
        await app.say(line)
        await app.wait(minutes=1)
    await app.wait(hours=41)
    moments = [sent.at - timedelta(hours=8) for sent in app.post.sent]
    messages = zip(moments, app.post.sent, app.messages(), strict=True)
    transcript = "\n\n".join(f"{moment:%a %H:%M} {sent.kind}\n{text}" for moment, sent, text in messages)
    assert transcript == EXPECTED.strip()


class LoggingMessenger(FakeMessenger):
    """Writes down what it sends and edits, in order."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__(clock)
        self.log: list[str] = []

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        receipt = await super().send(attendee, key, kind, content)
        self.note(f"{receipt.message} {kind}", content)
        return receipt

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        await super().edit(community, channel, message, content)
        self.note(f"{message} is now", content)

    def note(self, what: str, content: Reply) -> None:
        now = self.clock.now()
        lines = lines_of(replace(content, cards=(), files=()), now, TerminalStyle())
        self.log.append("\n".join([f"{now - timedelta(hours=8):%a %H:%M} {what}", *lines]))


CHANGES = (
    (at(8), "/hotel MGM"),
    (at(8), "/attend SEC310"),
    (at(8), "/attend DAT322"),
    (at(8), "/attend DOP301-R reserved"),
    (at(8), "/attend AIM212"),
    # Breakfast is elsewhere; the walk is shorter.
    (at(8, 12), "/here Venetian"),
    # In the hall, before the line forms: no order to leave.
    (at(8, 55), "/here forum"),
    # Somebody meets friends in the hotel, and thinks better of it, and again.
    (at(12), "/here MGM"),
    (at(12, 1), "/here Venetian"),
    (at(12, 2), "/here MGM"),
    # Hours before it starts: the reminder still comes.
    (at(12, 55), "/onmyway DOP301-R"),
    (at(13, 1), "/pace slow"),
    (at(13, 2), "/here Venetian"),
    (at(13, 3), "/here MGM"),
    (at(13, 20), "/onmyway AIM212"),
)


async def test_every_message_of_a_day_on_which_facts_change() -> None:
    app = await AppHarness(moment=at(8)).publish(schedule(DAY))
    app.post = post = LoggingMessenger(app.clock)
    app.messengers["console"] = post
    for moment, line in CHANGES:
        while app.clock.now() < moment:
            await app.wait(minutes=1)
        post.log.append(f"{moment - timedelta(hours=8):%a %H:%M} > {line}")
        await app.say(line)
    while app.clock.now() < at(16):
        await app.wait(minutes=1)
    assert "\n\n".join(post.log) == EXPECTED_CHANGES.strip()


EXPECTED_CHANGES = """
Mon 08:00 > /hotel MGM

Mon 08:00 > /attend SEC310

Mon 08:00 > /attend DAT322

Mon 08:00 > /attend DOP301-R reserved

Mon 08:00 > /attend AIM212

Mon 08:07 m1 leave-by
Leave MGM Grand by 08:17 for "Who holds the keys?" at Caesars Forum.
43 min walk (enough for 9 in 10, estimate) + 20 min for the walk-up line. It starts at 09:20 in Room SEC310.
Leave by 08:37 at the latest, to be there at the start; whether there is room, nobody knows.
→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=36.102487,-115.169914;36.118370,-115.166280
→ /onmyway SEC310 · /here Caesars Forum · /skip SEC310

Mon 08:12 > /here Venetian

Mon 08:32 m1 is now
Replaced: leave by 08:42 for "Who holds the keys?", not by 08:17.

Mon 08:32 m2 leave-by
Changed from 08:17. Leave Venetian by 08:42 for "Who holds the keys?" at Caesars Forum.
18 min walk (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line. It starts at 09:20 in Room SEC310.
Leave by 09:02 at the latest, to be there at the start; whether there is room, nobody knows.
→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=36.121638,-115.169601;36.118370,-115.166280
→ /onmyway SEC310 · /here Caesars Forum · /skip SEC310

Mon 08:55 > /here forum

Mon 10:22 m3 leave-by
Leave by 10:33 for "One tired query" at Caesars Forum.
7 min inside Caesars Forum + 20 min for the walk-up line. It starts at 11:00 in Room DAT322.
Leave by 10:53 at the latest, to be there at the start; whether there is room, nobody knows. It's recorded, so you can watch it later.
→ /onmyway DAT322 · /here Caesars Forum · /skip DAT322

Mon 12:00 > /here MGM

Mon 12:01 > /here Venetian

Mon 12:02 > /here MGM

Mon 12:47 m4 leave-by
Leave MGM Grand by 12:57 for "Forecasting umbrellas" at Caesars Forum.
43 min walk (enough for 9 in 10, estimate) + 20 min for the walk-up line. It starts at 14:00 in Room AIM212.
Leave by 13:17 at the latest, to be there at the start; whether there is room, nobody knows.
→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=36.102487,-115.169914;36.118370,-115.166280
→ /onmyway AIM212 · /here Caesars Forum · /skip AIM212

Mon 12:55 > /onmyway DOP301-R

Mon 13:01 > /pace slow

Mon 13:01 m4 is now
Replaced: leave by 12:41 for "Forecasting umbrellas", not by 12:57.

Mon 13:01 m5 leave-by
Changed from 12:57. Leave MGM Grand by 12:41 for "Forecasting umbrellas" at Caesars Forum.
59 min walk (enough for 9 in 10, estimate) + 20 min for the walk-up line. It starts at 14:00 in Room AIM212.
That was 19 min ago. Leave now to arrive just in time, at about 14:00.
Leave by 13:01 at the latest, to be there at the start; whether there is room, nobody knows.
→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=36.102487,-115.169914;36.118370,-115.166280
→ /onmyway AIM212 · /here Caesars Forum · /skip AIM212

Mon 13:02 > /here Venetian

Mon 13:03 > /here MGM

Mon 13:20 > /onmyway AIM212

Mon 15:30 m6 leave-by
Leave by 15:40 for "The quiet deploy" at Caesars Forum.
10 min inside Caesars Forum + 10 min for check-in. It starts at 16:00 in Room DOP301-R.
Without the seat, leave by 15:50 for the walk-up; whether there is room, nobody knows.
→ /onmyway DOP301-R · /here Caesars Forum · /skip DOP301-R
"""

EXPECTED = """
Sun 19:19 evening-before
Tomorrow, Monday: 5 sessions in 3 venues (Venetian, Caesars Forum, MGM Grand), about 11,000 steps and 8 km on foot.
First: Opening keynote (KEY1)
   Mon 29 Nov 08:00-09:00, Venetian, Room KEY1
   recorded
   Leave MGM Grand by 06:51: 49 min walk to Venetian (enough for 9 in 10, estimate) + 20 min for the walk-up line.
Too short a break
   Your seat in "Who holds the keys?" lapses at 09:10. If you stay in "Opening keynote" to the end (09:00), you keep it in very few cases.
   I'll tell you in time to slip out.
→ /agenda 2021-11-29

Sun 21:59 early-start
Leave by Mon 29 Nov 06:51 for "Opening keynote".
That is in your quiet hours. I'll wake you at 06:41.
→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=36.102487,-115.169914;36.121638,-115.169601
→ /nudges alarms off

Mon 06:41 leave-by
Leave MGM Grand by 06:51 for "Opening keynote" at Venetian.
49 min walk (enough for 9 in 10, estimate) + 20 min for the walk-up line. It starts at 08:00 in Room KEY1.
Leave by 07:11 at the latest, to be there at the start; whether there is room, nobody knows. It's recorded, so you can watch it later.
Opening keynote (KEY1)
   08:00-09:00, Venetian, Room KEY1
   recorded
→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=36.102487,-115.169914;36.121638,-115.169601
→ /onmyway KEY1 · /here Venetian · /skip KEY1

Mon 07:00 morning-brief
Good morning! 8 sessions on your agenda today, and about 11,000 steps on the way:
1. 08:00-09:00 Opening keynote, Venetian. Leave MGM Grand by 06:51.
2. 09:20-10:20 Who holds the keys?, Caesars Forum. Slip out of number 1 by 08:52.
3. 11:00-12:00 One tired query, Caesars Forum. Leave by 10:33.
4. 11:30-12:30 The quiet deploy, Caesars Forum. Clashes with number 3.
5. 12:30-14:00 Lunch, Caesars Forum. Drop in when it suits you.
6. 13:20-14:20 Packets on foot, MGM Grand. Clashes with number 7.
7. 14:00-14:30 Forecasting umbrellas, Caesars Forum. Leave by 13:33.
8. 23:30-00:30 Jam session, MGM Grand. Leave by 22:56.
"One tired query" and "The quiet deploy" clash: which one?
Until you decide, I plan with the first: you chose it first.
"Forecasting umbrellas" and "Packets on foot" clash: which one?
Until you decide, I plan with the first: you chose it first.
→ /attend DAT322 only  One tired query
→ /attend DOP301 only  The quiet deploy
→ /attend DOP301-R instead DOP301  The quiet deploy, Mon 16:00 instead
→ /attend AIM212 only  Forecasting umbrellas
→ /attend NET404 only  Packets on foot
→ /agenda 2021-11-29 · /nextsession

Mon 08:42 leave-by
Leave Venetian by 08:52 for "Who holds the keys?" at Caesars Forum.
18 min walk (enough for 9 in 10, set by the organizers) + 10 min for check-in. It starts at 09:20 in Room SEC310.
Your seat lapses at 09:10. Slip out of "Opening keynote" at 08:52 to keep it. If you stay to the end (09:00), you keep it in very few cases.
Without the seat, leave by 09:02 for the walk-up; whether there is room, nobody knows.
Who holds the keys? (SEC310)
   09:20-10:20, Caesars Forum, Room SEC310
→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=36.121638,-115.169601;36.118370,-115.166280
→ /onmyway SEC310 · /here Caesars Forum · /skip SEC310

Mon 10:22 leave-by
Leave by 10:33 for "One tired query" at Caesars Forum.
7 min inside Caesars Forum + 20 min for the walk-up line. It starts at 11:00 in Room DAT322.
Leave by 10:53 at the latest, to be there at the start; whether there is room, nobody knows. It's recorded, so you can watch it later.
"One tired query" and "The quiet deploy" clash: which one?
Until you decide, I plan with the first: you chose it first.
"Forecasting umbrellas" and "Packets on foot" clash: which one?
Until you decide, I plan with the first: you chose it first.
One tired query (DAT322)
   11:00-12:00, Caesars Forum, Room DAT322
   recorded
→ /attend DAT322 only  One tired query
→ /attend DOP301 only  The quiet deploy
→ /attend DOP301-R instead DOP301  The quiet deploy, Mon 16:00 instead
→ /attend AIM212 only  Forecasting umbrellas
→ /attend NET404 only  Packets on foot
→ /onmyway DAT322 · /here Caesars Forum · /skip DAT322 · /agenda 2021-11-29

Mon 13:22 leave-by
Leave by 13:33 for "Forecasting umbrellas" at Caesars Forum.
7 min inside Caesars Forum + 20 min for the walk-up line. It starts at 14:00 in Room AIM212.
Leave by 13:53 at the latest, to be there at the start; whether there is room, nobody knows.
Forecasting umbrellas (AIM212)
   14:00-14:30, Caesars Forum, Room AIM212
→ /onmyway AIM212 · /here Caesars Forum · /skip AIM212

Mon 21:59 early-start
Leave by Mon 29 Nov 22:56 for "Jam session".
That is in your quiet hours. I'll wake you at 22:46.
→ /nudges alarms off

Mon 22:45 leave-by
Leave by 22:56 for "Jam session" at MGM Grand.
14 min inside MGM Grand + 20 min for the walk-up line. It starts at 23:30 in Room PTY1. I count from your hotel, because the session before ends at 14:30. Elsewhere? /here
Leave by 23:16 at the latest, to be there at the start; whether there is room, nobody knows.
Jam session (PTY1)
   23:30-00:30, MGM Grand, Room PTY1
→ /onmyway PTY1 · /here MGM Grand · /skip PTY1

Tue 07:00 evening-recap
Your Monday: 5 sessions in 3 venues (Venetian, Caesars Forum, MGM Grand), about 11,000 steps and 8 km on foot.
Which one did you see: "One tired query" or "The quiet deploy"?
Which one did you see: "Forecasting umbrellas" or "Packets on foot"?
On your agenda
   Opening keynote (KEY1), 08:00-09:00, Venetian
   Who holds the keys? (SEC310), 09:20-10:20, Caesars Forum
   One tired query (DAT322), 11:00-12:00, Caesars Forum
   Forecasting umbrellas (AIM212), 14:00-14:30, Caesars Forum
   Jam session (PTY1), 23:30-00:30, MGM Grand
→ /attend DAT322 only · /attend DOP301 only · /attend AIM212 only · /attend NET404 only · /recap 2021-11-29 picture · /agenda
[2021-11-29-cloud21.md, 607 bytes; :show prints it]
"""
