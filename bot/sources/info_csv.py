"""The organizers' texts about topics, as a table: `topic,place,hours,text`."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Remark
from bot.domain.imports.organizer_facts import LONGEST_NAME, LONGEST_PLACE, LONGEST_TEXT, MOST_TOPICS
from bot.domain.phrases import phrase
from bot.domain.schedule.conference import Topic
from bot.sources.fact_rows import FactRow, fact_rows
from bot.sources.file_checks import read_text
from bot.sources.text import plain

HEADER = ("topic", "place", "hours", "text")


def read_info(path: Path) -> tuple[tuple[Topic, ...], tuple[Remark, ...]]:
    """Read topics and remarks on wrong rows; raises `ScheduleImportError` if the file is not such a table."""
    return parse_info(read_text(path), path.name)


def parse_info(text: str, source: str) -> tuple[tuple[Topic, ...], tuple[Remark, ...]]:
    """Parse topics, in order. A wrong row is left out, with one sentence."""
    topics: dict[str, Topic] = {}
    remarks: list[Remark] = []
    for row in fact_rows(text, source, ("topic", "text"), HEADER, 2 * MOST_TOPICS):
        try:
            topic = _topic(row)
            if topic.name.casefold() in topics:
                raise row.wrong("topic", phrase("{name} is there twice: put both into one text", name=repr(topic.name)))
            if len(topics) >= MOST_TOPICS:
                raise row.wrong("topic", phrase("is one too many: {most_topics} topics fit", most_topics=MOST_TOPICS))
        except ScheduleImportError as error:
            remarks.append(Remark("info", str(error)))
        else:
            topics[topic.name.casefold()] = topic
    return tuple(topics.values()), tuple(remarks)


def info_text(topics: Iterable[Topic]) -> str:
    """Write topics as a table that `parse_info` reads."""
    table = StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((topic.name, topic.place, topic.hours, topic.text) for topic in topics)
    return table.getvalue()


def _topic(row: FactRow) -> Topic:
    name = row.text("topic", LONGEST_NAME)
    text = "\n".join(plain(line) for line in row.values.get("text", "").splitlines()).strip()
    if not name:
        raise row.wrong("topic", "is empty: name it")
    if not text:
        raise row.wrong("text", "is empty: write what everybody reads")
    if len(text) > LONGEST_TEXT:
        raise row.wrong(
            "text",
            phrase(
                "has {count} characters, and {longest_text} fit: shorten it", count=len(text), longest_text=LONGEST_TEXT
            ),
        )
    return Topic(name, text, row.text("place", LONGEST_PLACE), row.text("hours", LONGEST_PLACE))
