"""The table of formats in the documents."""

from bot.sources.registry import all_formats


def markdown() -> str:
    """Return a Markdown table of the formats, in the order in which they are tried."""
    rows = [f"| `{each.name}` | {each.help} |" for each in all_formats().values()]
    return "\n".join(("| `--format` | reads |", "|---|---|", *rows))
