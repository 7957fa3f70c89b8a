"""Serves the pages of a day at the sample conference, and measures them with Lighthouse.

Performance and accessibility have to be 100. Private pages have no figure for search engines: none may list them.
"""

import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from adapters.web import Monitoring, WebLimits, build, serve
from adapters.web.site import Site
from bot.app.messages import Reply, Request
from bot.app.text.web_side import WebSide
from bot.cli.application import Application, build_application
from bot.cli.demo import load_sample
from bot.pictures.page_map import page_map
from bot.sources import sample
from bot.timing.clock import RehearsalClock

SIDE = WebSide("https://hallway.example.org", ("key",))
TOOL = Path(__file__).with_name("lighthouse.mjs")
STARS = 100
NEEDED = ("performance", "accessibility")


async def type_line(application: Application, line: str, *, organizer: bool = False) -> Reply:
    """The answer to a line that somebody types."""
    command, _, text = line.removeprefix("/").partition(" ")
    asked = Request("console", sample.COMMUNITY, sample.USER, command, text, organizer=organizer)
    return await application.dispatch.handle(asked)


@asynccontextmanager
async def pages() -> AsyncIterator[dict[str, str]]:
    """The addresses of the pages, by name, on the morning of the first day."""
    clock = RehearsalClock(sample.OPENS + timedelta(minutes=5))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'day.db'}"
        async with build_application(url, clock, {}, [], web=SIDE) as application:
            await load_sample(application)
            for line in (story_line for story_line in sample.story() if story_line.startswith("/")):
                await type_line(application, line)
            await type_line(application, "/settings page:on", organizer=True)
            reply = await type_line(application, "/agenda calendar")
            secret = reply.links[0].url.partition("/p/")[2].strip("/")
            async with application.store.read_transaction() as work:
                community = await work.communities.get("console", sample.COMMUNITY)
            assert community
            assert community.page
            site = Site(application.dispatch, application.dispatch.store, SIDE, WebLimits(time.monotonic), page_map)
            async with serve(build(Monitoring({}, CollectorRegistry()), site.routes), "127.0.0.1", 0) as port:
                root, agenda = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/p/{secret}/"
                yield {
                    "my agenda": agenda,
                    "all sessions": f"{agenda}find",
                    "calendar": f"{agenda}subscribe",
                    "public schedule": f"{root}/c/{community.page}/",
                    "what this is": f"{root}/",
                    "privacy": f"{root}/privacy",
                }


async def measured(urls: Sequence[str]) -> list[dict[str, Any]]:
    """What Lighthouse says about each page."""
    process = await asyncio.create_subprocess_exec("node", str(TOOL), *urls, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return list(json.loads(output))


async def main() -> int:
    """Print the figures; 1 if one that has to be 100 is not."""
    async with pages() as addresses:
        by_name = dict(zip(addresses, await measured(list(addresses.values())), strict=True))
    print(f"{'page':<16} {'perf':>5} {'a11y':>5} {'best':>5} {'seo':>5} {'first paint':>12} {'largest':>9} {'KiB':>6}")
    for name, page in by_name.items():
        scores = [page["scores"].get(category, "-") for category in (*NEEDED, "best-practices", "seo")]
        columns = " ".join(f"{score:>5}" for score in scores)
        print(f"{name:<16} {columns} {page['paint']:>9.0f} ms {page['largest']:>6.0f} ms {page['bytes'] / 1024:>6.1f}")
        for fault in page["failed"]:
            print(f"    {fault}")
    return int(any(page["scores"][category] < STARS for page in by_name.values() for category in NEEDED))


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sys.exit(asyncio.run(main()))
