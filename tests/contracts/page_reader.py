"""Reads a page of the web side as a browser without scripts shows it."""

from html.parser import HTMLParser

from tests.contracts.attendees import Facts


class PageReader(HTMLParser):
    """The articles, lines and forms of a page, by the name of their section; `walks` are those before each article."""

    def __init__(self) -> None:
        super().__init__()
        self.section, self.text, self.codes = "", "", ""
        self.articles: dict[str, list[Facts]] = {}
        self.lines: dict[str, Facts] = {}
        self.forms: list[dict[str, str]] = []
        self.walks: dict[str, Facts] = {}
        self._in_article, self._in_walk, self._walk = False, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "section":
                self.section = given.get("aria-labelledby", "")
            case "article":
                self._in_article = True
                self.walks.setdefault(self.section, []).append(self._walk)
                self._walk = ""
                self.articles.setdefault(self.section, []).append([])
            case "form":
                self.forms.append({})
            case "input" if self.forms and given.get("type") == "hidden":
                self.forms[-1][given["name"]] = given["value"]
            case "p" | "h2" | "h3" | "span":
                self.text = ""
            case "li":
                self.text, self._in_walk = "", given.get("class") == "walk"

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "article":
                self._in_article = False
            case "span":
                self.text = ""
            case "li" if self._in_walk:
                self._walk, self._in_walk = " ".join(self.text.split()), False
            case "p" | "h2" | "h3":
                line = " ".join(self.text.split())
                lines = self.articles[self.section][-1] if self._in_article else self.lines.setdefault(self.section, [])
                lines.append(line)

    def handle_data(self, data: str) -> None:
        self.text += data
