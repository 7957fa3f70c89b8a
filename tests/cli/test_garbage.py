"""A full search for unused objects stops a whole process, so one that serves leaves out all that stays anyway."""

from pathlib import Path

from tests.support.forked import exit_code_of_script

EXEMPT = """
import gc, sys
from bot.cli.garbage import exempt_what_lives

class Cycle:
    def __init__(self):
        self.itself = self
        alive.append(1)
    def __del__(self):
        alive.pop()

alive = []
gc.unfreeze()
before = len(gc.get_objects())
exempt_what_lives()
Cycle()
after = len(gc.get_objects())
gc.collect()
sys.exit(not (before > 20_000 and after < before / 50 and not alive))
"""
SERVING = """
import asyncio, gc, sys
from bot.cli import serve, shutdown
from bot.config import Settings
from bot.timing.clock import SystemClock

gc.unfreeze()
settings = Settings(database_url=sys.argv[1], http_port=0)

async def serve_and_end():
    stop = shutdown.Shutdown()
    stop.signalled.set()
    await serve._serve(settings, SystemClock(), 1, stop)

asyncio.run(serve_and_end())
sys.exit(not (gc.get_freeze_count() > 20_000 and gc.get_threshold()[0] > 700))
"""


def test_what_lives_is_left_out_and_new_cycles_are_still_found() -> None:
    assert exit_code_of_script(EXEMPT) == 0


def test_a_process_that_serves_leaves_out_what_it_has_imported(tmp_path: Path) -> None:
    assert exit_code_of_script(SERVING, f"sqlite:///{tmp_path / 'hallway.db'}") == 0
