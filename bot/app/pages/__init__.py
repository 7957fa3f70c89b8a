"""What a person sees at their private address, and everybody on the public page of a community; without any markup."""

from bot.app.pages.calendar import AgendaCalendar
from bot.app.pages.visits import Visit, Visits

__all__ = ["AgendaCalendar", "Visit", "Visits"]
