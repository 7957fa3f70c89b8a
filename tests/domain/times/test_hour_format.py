"""Clocks of 12 and 24 hours."""

from datetime import time

import pytest
from babel import Locale

from bot.domain.times.hour_format import HourFormat, clock_text, hours_of_locale
from bot.domain.times.zones import QuietHours

DISCORD = (
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "
    "zh-TW ko"
)
SLACK = "de-DE en-GB en-US es-ES fr-FR it-IT pt-BR ja-JP zh-CN zh-TW ko-KR"


@pytest.mark.parametrize(
    "locale", sorted({*DISCORD.split(), *SLACK.split(), *["en", "en-AU", "en-IN", "en-IE", "ar", "es-MX"]})
)
def test_the_clock_of_a_locale_is_that_of_the_common_locale_data(locale: str) -> None:
    pattern = Locale.parse(locale, sep="-").time_formats["short"].pattern
    assert hours_of_locale(locale) is (HourFormat.H12 if "h" in pattern else HourFormat.H24)


def test_a_locale_that_nobody_sent_has_no_clock() -> None:
    assert hours_of_locale("") is None
    assert hours_of_locale("en_US") is HourFormat.H12
    assert hours_of_locale("xx") is HourFormat.H24


@pytest.mark.parametrize(
    ("at", "long", "short"),
    [
        (time(0, 0), "00:00", "12:00 am"),
        (time(0, 5), "00:05", "12:05 am"),
        (time(9, 30), "09:30", "9:30 am"),
        (time(12, 0), "12:00", "12:00 pm"),
        (time(13, 5), "13:05", "1:05 pm"),
        (time(23, 59), "23:59", "11:59 pm"),
    ],
)
def test_a_time_in_both_clocks(at: time, long: str, short: str) -> None:
    assert (clock_text(at, HourFormat.H24), clock_text(at, HourFormat.H12)) == (long, short)


def test_quiet_hours_in_both_clocks() -> None:
    quiet = QuietHours(time(22), time(7))
    assert (quiet.written(HourFormat.H24), quiet.written(HourFormat.H12)) == ("22:00-07:00", "10:00 pm-7:00 am")
