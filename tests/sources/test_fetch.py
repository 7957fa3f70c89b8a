"""Fetching: conditional, bounded, and from nowhere that is not public. Real sockets, on a server that misbehaves."""

import gzip
import socket
from collections.abc import AsyncIterator, Callable, Collection
from datetime import timedelta

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.app.ports import Copy, Validators
from bot.domain.errors import FetchError
from bot.domain.imports.feed import is_web_address, web_address
from bot.sources.fetch.addresses import CheckedResolver, is_public
from bot.sources.fetch.fetcher import HttpFetcher
from tests.fake_servers.schedule_host import (
    Answer,
    ScheduleHost,
    bomb,
    dripping,
    hung_up,
    packed,
    raw,
    redirect,
    schedule_host,
    status,
    truncated,
)

FETCH = HttpFetcher(["127.0.0.1"], seconds=60)
NOTHING = Validators()


@pytest.fixture
async def host() -> AsyncIterator[ScheduleHost]:
    async with schedule_host(b"title,date\n") as made:
        yield made


async def test_a_copy_comes_with_its_validators_and_the_next_one_only_if_it_is_another(host: ScheduleHost) -> None:
    copy = await FETCH(host.url(), NOTHING)
    assert copy == Copy(b"title,date\n", Validators('"v1"'))
    assert await FETCH(host.url(), copy.validators) is None
    host.publish(b"more")
    assert await FETCH(host.url(), copy.validators) == Copy(b"more", Validators('"v2"'))
    host.answers = [status(304)]
    assert await FETCH(host.url(), Validators("", "Mon, 29 Nov 2021 09:00:00 GMT")) is None
    assert [asked.get("If-None-Match") for asked in host.asked] == [None, '"v1"', '"v1"', None]
    assert host.asked[-1]["If-Modified-Since"] == "Mon, 29 Nov 2021 09:00:00 GMT"
    assert not {"Cookie", "Authorization", "Referer"} & set(host.asked[-1])


async def test_what_is_packed_is_unpacked(host: ScheduleHost) -> None:
    text = b"title,date\n" * 100_000
    host.answers = [packed(gzip.compress(text)), packed(b"abc", "identity")]
    assert await FETCH(host.url(), NOTHING) == Copy(text)
    assert await FETCH(host.url(), NOTHING) == Copy(b"abc")


async def test_redirects_are_followed_a_few_times(host: ScheduleHost) -> None:
    host.answers = [redirect("/a"), redirect("b"), redirect(host.url("/c"))]
    assert await FETCH(host.url(), NOTHING) == Copy(b"title,date\n", Validators('"v1"'))
    host.answers = [redirect("/again")] * 4
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 redirects more than 3 times"):
        await FETCH(host.url(), NOTHING)
    assert len(host.asked) == 8


@pytest.mark.parametrize(
    "answer, sentence, wait",
    [
        (status(429, Retry_After="120"), "asks for fewer requests", timedelta(minutes=2)),
        (
            status(503, Retry_After="Mon, 29 Nov 2021 09:05:00 GMT", Date="Mon, 29 Nov 2021 09:00:00 GMT"),
            r"is out of order \(503\)",
            timedelta(minutes=5),
        ),
        (status(500, Retry_After="soon"), r"is out of order \(500\)", None),
        (status(404), r"does not give the schedule \(404 Not Found\): check the address", None),
        (status(401), r"does not give the schedule \(401 Unauthorized\)", None),
        (status(304), r"does not give the schedule \(304 Not Modified\)", None),
        (truncated, "could not be read .it stopped in the middle of its answer.", None),
        (status(499), r"does not give the schedule \(499\): check", None),
        (hung_up, "could not be read .it hung up.", None),
        (packed(gzip.compress(b"title,date\n" * 1000)[:-20]), "stopped in the middle", None),
        (packed(b"no gzip at all"), "cannot be unpacked", None),
        (packed(b"x", "br"), "packs its answer as 'br'", None),
        (redirect("ftp://example.org/x"), "is not the address of a feed", None),
        (redirect("http://user:word@example.org/"), "has a name or password in it", None),
    ],
)
async def test_what_goes_wrong_is_one_sentence(
    host: ScheduleHost, answer: Answer, sentence: str, wait: timedelta | None
) -> None:
    # Twice, as the library asks again where a server hangs up without a word.
    host.answers = [answer] * 2
    with pytest.raises(FetchError, match=sentence) as fault:
        await FETCH(host.url(), NOTHING)
    assert fault.value.retry_after == wait
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    "location",
    [
        b"http://[bad",
        b"http://x:99999/",
        b"http://x:-1/",
        b"//[::1",
        b"http://example.com:port/",
        b"http://xn--/",
        b"http://xn--\xc3\xbc/",
        b"http://a..b/",
        b"http://.../",
        b"http://" + b"a" * 64 + b".example/",
        b"http://" + b"a." * 200 + b"example/",
        b"http://" + "é".encode() * 70 + b"/",
        b"http://\xff\xfe.example/",
        b"http://\xe2\x80\xaex/",
        b"http://a b/",
        b"http://a%00b/",
        b"http://:80/",
        b"https://example.org\\@evil/",
        b"mailto:ada@example.org",
        b"file:///etc/passwd",
        b"ftp://" + b"x" * 5_000,
    ],
)
async def test_a_redirect_to_what_is_no_address_is_one_sentence(host: ScheduleHost, location: bytes) -> None:
    host.answers = [raw(b"Location: " + location, code=302)] * 2
    with pytest.raises(FetchError) as fault:
        await FETCH(host.url(), NOTHING)
    sentence = str(fault.value)
    assert (sentence.isprintable(), len(sentence) < 300) == (True, True)


@pytest.mark.parametrize("name", [b"ETag", b"Last-Modified"])
@pytest.mark.parametrize(
    "value",
    [
        b'"caf\xe9"',
        '"café"'.encode(),
        b'"\xf0\x9f\x98"',
        b'"a\x01b"',
        b'"a\x7fb"',
        b'"a\tb"',
        b'"' + b"x" * 401 + b'"',
        b"",
    ],
)
async def test_a_validator_that_cannot_be_sent_back_is_left_out(host: ScheduleHost, name: bytes, value: bytes) -> None:
    host.answers = [raw(name + b": " + value, body=b"title,date\n")]
    assert await FETCH(host.url(), NOTHING) == Copy(b"title,date\n", NOTHING)


@pytest.mark.parametrize("value", ["caf\udce9", "café", "a\x01b", "a\r\nX-Injected: 1", "\ud83d"])
async def test_a_validator_that_was_stored_before_is_not_sent(host: ScheduleHost, value: str) -> None:
    assert await FETCH(host.url(), Validators(value, value)) == Copy(b"title,date\n", Validators('"v1"'))
    assert not {"If-None-Match", "If-Modified-Since", "X-Injected"} & set(host.asked[0])


@pytest.mark.parametrize(
    "head",
    [
        (b"Retry-After: Mon, 29 Nov 99999999999999999999 09:05:00 GMT", b"Date: Mon, 29 Nov 2021 09:00:00 GMT"),
        (b"Retry-After: Mon, 29 Nov 2021 09:05:00 +9999999999999999999", b"Date: Mon, 29 Nov 2021 09:00:00 GMT"),
        (b"Retry-After: -5",),
        (b"Retry-After: soon \xe9",),
        (b"Content-Encoding: \xff" + b"x" * 4_000,),
        (b"Content-Length: -1",),
        (b"Transfer-Encoding: chunked",),
        (b"no colon",),
        (b"Long: " + b"x" * 70_000,),
        (b"\x00: \x00",),
    ],
)
@pytest.mark.parametrize("code", [200, 503])
async def test_headers_that_cannot_be_read_are_one_sentence(
    host: ScheduleHost, head: tuple[bytes, ...], code: int
) -> None:
    host.answers = [raw(*head, body=b"x", code=code)] * 2
    fault: FetchError | None = None
    try:
        await FETCH(host.url(), NOTHING)
    except FetchError as error:
        fault = error
    assert fault is None or (str(fault).isprintable(), len(str(fault)) < 300, fault.retry_after) == (True, True, None)


async def test_what_follows_the_end_of_a_packed_answer_is_not_kept(host: ScheduleHost) -> None:
    host.answers = [packed(gzip.compress(b"title,date\n") + bytes(8 * 1024**2))]
    with pytest.raises(FetchError, match="stopped in the middle"):
        await FETCH(host.url(), NOTHING)


LINKS = {
    "webcal://example.org/a.ics": "https://example.org/a.ics",
    "WebCals://example.org/a.ics": "https://example.org/a.ics",
    "feed://example.org/a.xml": "https://example.org/a.xml",
    "feed:https://example.org/a.xml": "https://example.org/a.xml",
    "feed:http://example.org/a.xml": "http://example.org/a.xml",
    "webcal://https://example.org/a.ics": "https://example.org/a.ics",
    " https://example.org/a ": "https://example.org/a",
    "<https://example.org/a>": "https://example.org/a",
    "<webcal://example.org/a>": "https://example.org/a",
    "HTTP://example.org/a": "HTTP://example.org/a",
}


@pytest.mark.parametrize(("link", "address"), LINKS.items())
def test_a_link_of_a_calendar_or_feed_is_an_address(link: str, address: str) -> None:
    assert (is_web_address(link), web_address(link)) == (True, address)


@pytest.mark.parametrize("text", ["schedule.ics", "feed.xml", "webcal.ics", "ftp://example.org/x", "C:/feed://x", ""])
def test_a_file_is_no_address(text: str) -> None:
    assert (is_web_address(text), web_address(text)) == (False, text)


async def test_too_slow_and_too_large(host: ScheduleHost) -> None:
    host.answers = [dripping(host)]
    with pytest.raises(FetchError, match=r"took longer than 0.2 s"):
        await HttpFetcher(["127.0.0.1"], seconds=0.2)(host.url(), NOTHING)
    small = HttpFetcher(["127.0.0.1"], largest=1024**2)
    for body in (packed(bomb(64)), packed(bytes(1024**2 + 1), "identity")):
        host.answers = [body]
        with pytest.raises(FetchError, match="sends more than 1 MiB, the limit for a schedule"):
            await small(host.url(), NOTHING)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/passwd",
        "schedule.csv",
        "",
        "http://",
        "https://[::1",
        "gopher://example.org",
        "https://example.org/" + "x" * 3000,
    ],
)
async def test_only_addresses_of_the_web_are_asked(url: str) -> None:
    with pytest.raises(FetchError, match="is not the address of a feed"):
        await FETCH(url, NOTHING)


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "127.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
    ],
)
async def test_nothing_is_opened_to_an_address_that_is_not_public(host: ScheduleHost, inside: str) -> None:
    with pytest.raises(FetchError):
        await HttpFetcher(seconds=60)(host.url(host=inside), NOTHING)
    assert host.asked == []


async def test_a_redirect_into_our_own_network_is_not_followed(host: ScheduleHost) -> None:
    for target in ("localhost", "[::1]", "127.0.0.2", "169.254.169.254"):
        host.answers = [redirect(host.url(host=target))]
        with pytest.raises(FetchError, match="is not on the public internet"):
            await FETCH(host.url(), NOTHING)
    assert len(host.asked) == 4


class Rebinding(AbstractResolver):
    """A name that is public the first time it is asked for and loopback from then on."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in addresses.split()
        ]

    async def close(self) -> None:
        pass


def asking(name: Rebinding) -> Callable[[Collection[str]], CheckedResolver]:
    return lambda allowed: CheckedResolver(allowed, name)


async def test_each_resolution_is_checked_and_one_bad_address_condemns_all(host: ScheduleHost) -> None:
    for answers in (["127.0.0.1"], ["93.184.215.14 127.0.0.1"]):
        fetch = HttpFetcher(seconds=60, resolver=asking(Rebinding(*answers)))
        with pytest.raises(FetchError, match=r"feed\.example is not on the public internet"):
            await fetch(host.url(host="feed.example"), NOTHING)
    assert host.asked == []


async def test_the_connection_is_made_to_the_address_that_was_checked(host: ScheduleHost) -> None:
    """An allowed name, resolved once a hop: nobody asks for it again between the check and the connection."""
    name = Rebinding("127.0.0.1")
    fetch = HttpFetcher(["feed.example"], seconds=60, resolver=asking(name))
    host.answers = [redirect("/b")]
    assert await fetch(host.url(host="feed.example"), NOTHING) == Copy(b"title,date\n", Validators('"v1"'))
    assert name.asked == 2


async def test_a_name_that_does_not_exist_is_said() -> None:
    with pytest.raises(FetchError, match=r"There is no host nowhere\.invalid|could not be read"):
        await HttpFetcher(seconds=60)("http://nowhere.invalid/", NOTHING)


PUBLIC = (
    "93.184.215.14",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "192.88.98.255",
    "192.88.100.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2001:200::1",
    "2001:db7:ffff::1",
    "2001:db9::1",
    "2003::1",
    "2620:4f:8001::1",
    "3ffd::1",
    "3fff:1000::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
)
INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "233.252.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "100::1",
    "100:0:0:1::1",
    "400::1",
    "1fff:ffff::1",
    "2001:1::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:30::1",
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "2620:4f:8000::1",
    "3ffe::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "4000::1",
    "5f00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "feff:ffff::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "ff0e::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:192.88.99.1",
    "::ffff:0:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b::c0a8:101",
    "64:ff9b:1::1",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2001:0:7f00:1::",
    "2001:0:4136:e378::",
    "not-an-address",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_not_public(address: str) -> None:
    assert not is_public(address)
