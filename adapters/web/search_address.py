"""A search in the address of a page: what was typed, and what was chosen in lists."""

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web

from bot.app.pages.search import FREE, LISTS, SearchForm

MOST_QUERY = 200
"""Characters of what was typed, and of a value of a list."""


def chosen_in(request: web.Request) -> Mapping[str, str]:
    """Return the values of the lists, by their names."""
    return {name: request.query.get(name, "")[:MOST_QUERY] for name in (*LISTS, FREE)}


def query_of(form: SearchForm, page: int) -> str:
    """Return the query of an address that shows another page of the same search."""
    words = f"{form.words} page {page}" if page > 1 else form.words
    chosen = {selection.name: selection.chosen for selection in form.lists if selection.chosen}
    return urlencode({"q": words.strip(), **chosen, **({FREE: "1"} if form.free else {})})
