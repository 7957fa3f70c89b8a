"""The evening recap, and the draft to blog from."""

from dataclasses import replace

from bot.app.text.recap import escaped
from tests.builders import ARC, DAT, KEY, SEC, schedule
from tests.fakes.app_harness import AppHarness

DAY = ("/hotel MGM", "/attend ARC301", "/attend DAT310", "/attend KEY001")


async def test_the_day_in_a_few_lines(app: AppHarness) -> None:
    await app.all(*DAY, "/onmyway ARC301")
    await app.wait(minutes=1)
    await app.say("/attend SEC203")
    assert (await app.wait(hours=12))[-1] == ("Mon 18:00", "ada", "evening-recap")
    assert app.messages()[-1] == (
        "Your Monday: 2 sessions in 2 venues (Venetian, Caesars Forum), about 8,500 steps and 6 km on foot.\n"
        'Which one did you see: "Counting to infinity" or "Keys, locks and doors"?\n'
        "You attended\n"
        "   Queues that never sleep (ARC301), 09:00-10:00, Venetian\n"
        "On your agenda\n"
        "   Counting to infinity (DAT310), 11:30-12:30, Caesars Forum\n"
        "You missed these for another session; they're recorded\n"
        "   Keys, locks and doors (SEC203), 11:00-12:00, Caesars Forum\n"
        "Tomorrow: Opening keynote (KEY001)\n"
        "   Tue 30 Nov 08:30-09:30, MGM Grand, Room KEY001\n"
        "   recorded\n"
        "   Leave by 07:56: 14 min inside MGM Grand + 20 min for the walk-up line.\n"
        "→ /attend DAT310 only · /attend SEC203 only · /later SEC203 · /recap 2021-11-29 picture · /agenda\n"
        "[2021-11-29-cloud21.md, 457 bytes; :show prints it]"
    )


async def test_the_draft_is_markdown_in_which_the_schedule_is_no_markup() -> None:
    evil = replace(ARC, title="# [click](http://evil) <b>*now*</b>", abstract="Line one\nline `two`")
    app = await AppHarness().publish(schedule([evil, SEC, DAT, KEY]))
    await app.all("/hotel MGM", "/attend ARC301")
    await app.wait(hours=12)
    (file,) = app.post.sent[-1].content.files
    assert (file.name, file.media_type) == ("2021-11-29-cloud21.md", "text/markdown")
    assert file.content == (
        "# Cloud 21: Monday, 29 November 2021\n"
        "\n"
        "1 session in 1 venue \\(Venetian\\), about 7,500 steps and 6 km on foot.\n"
        "\n"
        "## \\# \\[click\\]\\(http://evil\\) \\<b\\>\\*now\\*\\</b\\> \\(ARC301\\)\n"
        "\n"
        "*09:00-10:00 · Venetian, Room ARC301 · Ada Byron*\n"
        "\n"
        "Line one line \\`two\\`\n"
        "\n"
        "What I took home: \n"
    )


def test_escaping_keeps_every_letter() -> None:
    assert escaped("a_b*c\n# d") == "a\\_b\\*c \\# d"
