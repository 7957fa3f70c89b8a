"""Every page in every state under axe-core (https://github.com/dequelabs/axe-core), in light and dark."""

from pathlib import Path
from typing import Any

import pytest

from tests.adapters.site.browser import Browser, browsing
from tests.adapters.site.harness import site_harness
from tests.adapters.site.states import every_state

AXE = Path(__file__).parents[3] / "tools" / "page" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.slow


async def findings(browser: Browser) -> list[str]:
    """What axe finds on the page that is open, best practices included: the rule, with the elements."""
    await browser.run(AXE.read_text())
    found: dict[str, Any] = await browser.run("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
    broken = found["violations"]
    return [f"{problem['id']}: {[node['html'][:160] for node in problem['nodes']]}" for problem in broken]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make page-audit does that")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
async def test_axe_finds_nothing_on_any_page_in_any_state(width: int, dark: bool) -> None:
    async with site_harness() as site, browsing() as browser:
        await browser.look(width, dark=dark)
        found = {name: await findings(browser) async for name in every_state(site, browser)}
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert len(found) == 25
