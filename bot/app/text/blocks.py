"""Own entries: the line that makes one, and buttons for it."""

from datetime import tzinfo

from bot.app.messages import Button
from bot.app.text.catalog import s
from bot.domain.schedule.session import BLOCK_ID, Session


def block_again(block: Session, zone: tzinfo) -> Button:
    """Return a button that restores a deleted block."""
    starts, ends = block.starts_at.astimezone(zone), block.ends_at.astimezone(zone)
    place = f" at {block.venue}" if block.venue else ""
    return Button(s("Put it back"), "block", {"what": f"{starts:%Y-%m-%d %H:%M}-{ends:%H:%M} {block.title}{place}"})


def remove_block(block: Session) -> Button:
    """A button that deletes a block."""
    return Button(s("Remove"), "block", {"what": f"remove {block.id.removeprefix(BLOCK_ID)}"})
