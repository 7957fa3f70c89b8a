"""Drives a headless Chromium over its own protocol (https://chromedevtools.github.io/devtools-protocol)."""

import asyncio
import base64
import json
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
STARTING = 60.0
"""Seconds for the start of the browser on a busy machine."""
PATIENCE = 30.0
"""Seconds for one condition to become true."""


@dataclass
class Browser:
    """One page of a browser."""

    socket: aiohttp.ClientWebSocketResponse
    ids: Any = field(default_factory=count)
    events: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, method: str, *, may_fail: bool = False, **params: Any) -> dict[str, Any]:
        """Send a command, and return its result; nothing if it fails and may do so."""
        number = next(self.ids)
        await self.socket.send_json({"id": number, "method": method, "params": params})
        while True:
            message = json.loads(await self.socket.receive_str(timeout=PATIENCE))
            if message.get("id") == number:
                assert may_fail or "error" not in message, message
                return dict(message.get("result", {}))
            self.events.append(message)

    async def run(self, script: str) -> Any:
        """Run a script in the page, and return its value; a promise is awaited."""
        done = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait until a script gives something true."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self._is_true(script):  # noqa: ASYNC110 — the page tells nobody
                    await asyncio.sleep(0.05)
        except TimeoutError:
            text = await self.run("document.body.innerText")
            pytest.fail(f"never true: {script}; the page shows: {text}")

    async def _is_true(self, script: str) -> bool:
        """Whether a script gives something true; in the middle of a navigation it cannot run, and nothing is."""
        done = await self.call(
            "Runtime.evaluate", may_fail=True, expression=script, awaitPromise=True, returnByValue=True
        )
        return "exceptionDetails" not in done and bool(done.get("result", {}).get("value"))

    async def open(self, url: str) -> None:
        """Open an address, and wait until the page is loaded."""
        await self.call("Page.navigate", url=url)
        await self.until(f"document.readyState === 'complete' && location.href === {json.dumps(url)}")

    async def look(self, width: int, *, dark: bool) -> None:
        """Take a size and a colour scheme."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def picture(self) -> bytes:
        """The whole page as PNG."""
        shot = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    async def type(self, key: str) -> None:
        """Press a key."""
        codes = {"Tab": 9, "Enter": 13, "Space": 32, "Escape": 27, "ArrowDown": 40}
        text: dict[str, Any] = {"Enter": {"text": "\r"}, "Space": {"text": " "}}.get(key, {})
        name = " " if key == "Space" else key
        for kind in ("keyDown", "keyUp"):
            more = text if kind == "keyDown" else {}
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=name, code=key, windowsVirtualKeyCode=codes[key], **more
            )


@dataclass
class Chromium:
    """The one browser of a test process, which is started by the first test that needs it."""

    process: subprocess.Popen[bytes] | None = None
    folder: str = ""

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.process and self.process.poll() is None:
            return
        assert PROGRAM
        self.stop()
        self.folder = tempfile.mkdtemp(prefix="hallway-browser-")
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        self.process = subprocess.Popen(
            [PROGRAM, *options, f"--user-data-dir={self.folder}", "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """End it, if it runs, and delete its files."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            shutil.rmtree(self.folder, ignore_errors=True)
        self.process = None

    async def address(self) -> tuple[str, str]:
        """Its host with port, and the path of its protocol, as soon as it has started."""
        async with asyncio.timeout(STARTING):
            file = Path(self.folder) / "DevToolsActivePort"
            while not file.exists() or len(lines := file.read_text().split("\n")) < LINES:  # noqa: ASYNC110 — it tells nobody
                await asyncio.sleep(0.05)
        return f"ws://127.0.0.1:{lines[0]}", lines[1]


CHROMIUM = Chromium()
LINES = 2
"""Of the file in which Chromium writes its port and the path of its protocol."""


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A page with cookies, caches and storage of its own, while the block runs; skips the test without a Chromium."""
    if PROGRAM is None:
        pytest.skip("no Chromium on this machine")
    CHROMIUM.start()
    host, path = await CHROMIUM.address()
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(host + path, max_msg_size=0) as control,
    ):
        whole = Browser(control)
        context = (await whole.call("Target.createBrowserContext"))["browserContextId"]
        target = (await whole.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        try:
            async with client.ws_connect(f"{host}/devtools/page/{target}", max_msg_size=0) as socket:
                browser = Browser(socket)
                for domain in ("Page", "Network", "Runtime"):
                    await browser.call(f"{domain}.enable")
                yield browser
        finally:
            await whole.call("Target.disposeBrowserContext", browserContextId=context)
