"""Reads a page as a person without a picture does: its text, its forms and its links."""

import re
from html.parser import HTMLParser
from typing import Any

from tests.adapters.site.harness import Answer, SiteHarness

VOID = {"meta", "link", "input", "br", "circle", "path", "rect"}


class Page(HTMLParser):
    """The text, the forms and the links of a page; fails on tags that are not closed."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.links: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.open: list[str] = []
        self.feed(answer.text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "form" and values.get("method") == "post":
            self.forms.append({"": values["data-change"]})
        if tag == "input" and values.get("type") == "hidden":
            self.forms[-1][values["name"]] = values["value"]
        if tag == "a":
            self.links[values["href"]] = ""

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words)).strip()

    def form(self, label: str) -> dict[str, str]:
        found = next(form for form in self.forms if form[""] == label)
        return {name: value for name, value in found.items() if name}

    @property
    def labels(self) -> list[str]:
        return [form[""] for form in self.forms]


async def opened(site: SiteHarness, path: str) -> Page:
    answer = await site.get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    return Page(answer)
