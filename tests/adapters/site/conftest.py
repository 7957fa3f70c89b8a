"""What the tests of the pages may ask for."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.adapters.site.browser import CHROMIUM
from tests.adapters.site.harness import SiteHarness, site_harness


@pytest.fixture
async def site() -> AsyncIterator[SiteHarness]:
    """A conference with its pages, on Monday at 08:00."""
    async with site_harness() as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def _chromium_ends() -> Iterator[None]:
    yield
    CHROMIUM.stop()
