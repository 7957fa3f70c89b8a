"""The contents of a person's private page and of a community's public page, without any markup."""

from bot.app.pages.calendar import AgendaCalendar
from bot.app.pages.changes import changed_meanwhile
from bot.app.pages.day import DayView, StopView, day_view
from bot.app.pages.public import PublicResults, PublicSchedule, PublicSchedules
from bot.app.pages.search import SearchForm, search_form
from bot.app.pages.shared_links import SharedLinks
from bot.app.pages.visits import Visit, Visits

__all__ = [
    "AgendaCalendar",
    "DayView",
    "PublicResults",
    "PublicSchedule",
    "PublicSchedules",
    "SearchForm",
    "SharedLinks",
    "StopView",
    "Visit",
    "Visits",
    "changed_meanwhile",
    "day_view",
    "search_form",
]
