"""The table of formats in the documents."""

from bot.sources.registry import all_formats


def markdown() -> str:
    """Return a Markdown table of the formats, in the order in which they are tried."""
    rows = [f"| `{format_.name}` | {format_.help} |" for format_ in all_formats().values()]
    return "\n".join(("| `--format` | reads |", "|---|---|", *rows))
