"""The link of a Google Sheet that people share is read; one that is not shared is said."""

import pytest
from yarl import URL

from bot.app.ports import Copy, Validators
from bot.domain.errors import FetchError
from bot.domain.imports.feed import Feed
from bot.sources.fetch.addresses import CheckedResolver
from bot.sources.fetch.fetcher import HttpFetcher, address_of
from bot.sources.fetch.google_sheets import NOT_SHARED
from tests.builders import ARC
from tests.fake_servers.schedule_host import ScheduleHost, redirect, schedule_host, status
from tests.sources.test_fetch import Rebinding

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz_0123456789-abcd"
HOST = "docs.google.com"
FETCH = HttpFetcher([HOST], seconds=60, resolver=lambda allowed: CheckedResolver(allowed, Rebinding("127.0.0.1")))


@pytest.mark.parametrize(
    "shared, export",
    [
        (f"/d/{ID}/edit?usp=sharing", f"/d/{ID}/export?format=xlsx"),
        (f"/d/{ID}/edit#gid=0", f"/d/{ID}/export?format=csv&gid=0"),
        (f"/d/{ID}/edit?gid=1234567#gid=1234567", f"/d/{ID}/export?format=csv&gid=1234567"),
        (f"/d/{ID}/edit?pli=1&gid=77", f"/d/{ID}/export?format=csv&gid=77"),
        (f"/d/{ID}", f"/d/{ID}/export?format=xlsx"),
        (f"/d/{ID}/", f"/d/{ID}/export?format=xlsx"),
        (f"/d/{ID}/view", f"/d/{ID}/export?format=xlsx"),
        (f"/u/1/d/{ID}/htmlview#gid=5", f"/u/1/d/{ID}/export?format=csv&gid=5"),
        (f"/d/e/2PACX-{ID}/pubhtml", f"/d/e/2PACX-{ID}/pub?output=xlsx"),
        (f"/d/e/2PACX-{ID}/pubhtml?gid=3&single=true", f"/d/e/2PACX-{ID}/pub?output=csv&single=true&gid=3"),
        (f"/d/e/2PACX-{ID}/pub?output=csv", f"/d/e/2PACX-{ID}/pub?output=csv"),
        (f"/d/{ID}/export?format=csv&gid=9", f"/d/{ID}/export?format=csv&gid=9"),
        (f"/d/{ID}/gviz/tq?tqx=out:csv", f"/d/{ID}/gviz/tq?tqx=out:csv"),
    ],
)
def test_a_shared_link_becomes_the_address_of_the_export(shared: str, export: str) -> None:
    folder = f"https://{HOST}/spreadsheets"
    assert str(address_of(folder + shared)) == str(URL(folder + export))


def test_a_domain_of_a_workspace_is_kept_and_other_addresses_stay() -> None:
    domain = f"https://{HOST}/a/example.org/spreadsheets/d/{ID}"
    assert str(address_of(f"{domain}/edit")) == f"{domain}/export?format=xlsx"
    for other in (f"https://{HOST}/document/d/{ID}/edit", f"https://example.org/spreadsheets/d/{ID}/edit?gid=1"):
        assert str(address_of(other)) == other


def link(host: ScheduleHost) -> str:
    return host.url(f"/spreadsheets/d/{ID}/edit#gid=7", HOST)


async def test_the_export_is_fetched_wherever_google_stores_it() -> None:
    async with schedule_host(b"title,date\n") as host:
        host.answers = [redirect(host.url("/export/1", HOST))]
        assert await FETCH(link(host), Validators()) == Copy(b"title,date\n", Validators('"v1"'))
        assert len(host.asked) == 2


@pytest.mark.parametrize(
    "answer", [redirect("https://accounts.google.com/ServiceLogin?continue=x"), status(401), status(403)]
)
async def test_a_sheet_that_is_not_shared_says_how_to_share_it(answer: object) -> None:
    async with schedule_host() as host:
        host.answers = [answer]  # type: ignore[list-item]
        with pytest.raises(FetchError) as fault:
            await FETCH(link(host), Validators())
        assert str(fault.value) == NOT_SHARED
        assert len(host.asked) == 1


async def test_a_refusal_elsewhere_is_no_google_sheet() -> None:
    async with schedule_host() as host:
        host.answers = [status(403)]
        with pytest.raises(FetchError, match=r"does not give the schedule \(403 Forbidden\)"):
            await HttpFetcher(["127.0.0.1"], seconds=60)(host.url(), Validators())


def test_sentences_call_a_sheet_by_what_it_is() -> None:
    assert Feed("mine", f"https://{HOST}/spreadsheets/d/{ID}/edit#gid=0", ARC.starts_at).name == "The Google Sheet"
