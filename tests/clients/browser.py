"""A browser without a window, told what to do over the protocol of its developer tools."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

# What a browser asks of its maker at the start is not the page's doing; it is switched off.
QUIET = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--remote-debugging-port=0", "--lang=en",
]  # fmt: skip


class Page:
    """One page. Whatever it asks for is stopped first: only what is ours goes on."""

    def __init__(self, socket: ClientConnection, ours: str) -> None:
        self._socket = socket
        self._ours = ours
        self._session = ""
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self.asked: list[str] = []
        self.stopped: list[str] = []

    async def listen(self) -> None:
        """Hand on what the browser says."""
        async for text in self._socket:
            said = json.loads(text)
            if "id" in said:
                self._waiting.pop(said["id"]).set_result(said)
            elif said["method"] == "Fetch.requestPaused":
                await self._let_through(said["params"])

    async def _let_through(self, paused: Any) -> None:
        url = paused["request"]["url"]
        is_ours = url.startswith((self._ours, "data:", "blob:"))
        (self.asked if is_ours else self.stopped).append(url)
        told: dict[str, Any] = {"requestId": paused["requestId"]}
        if not is_ours:
            told["errorReason"] = "AddressUnreachable"
        await self._say(f"Fetch.{'continueRequest' if is_ours else 'failRequest'}", told)

    async def _say(self, method: str, told: dict[str, Any]) -> asyncio.Future[Any]:
        self._number += 1
        answer = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        order = {"id": self._number, "method": method, "params": told}
        await self._socket.send(
            json.dumps(order | {"sessionId": self._session} if self._session else order)
        )
        return answer

    async def tell(self, method: str, **told: Any) -> Any:
        """Give an order and return what it led to."""
        said = await asyncio.wait_for(await self._say(method, told), 120)
        assert "error" not in said, (method, said["error"])
        return said["result"]

    async def open(self, url: str) -> None:
        """Begin a page with nothing in it, and go to the address."""
        target = (await self.tell("Target.createTarget", url="about:blank"))["targetId"]
        attached = await self.tell("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        await self.tell("Fetch.enable", patterns=[{"urlPattern": "*"}])
        await self.tell("Page.enable")
        await self.tell("Page.navigate", url=url)

    async def wait_for(self, expression: str) -> Any:
        """Return the value of an expression as soon as it has one."""
        script = f"""new Promise((found, missed) => {{
            const until = performance.now() + 100000;
            const look = () => {{
                const value = (() => {{ return {expression}; }})();
                if (value) found(value === true || typeof value === "string" ? value : true);
                else if (performance.now() > until) missed(new Error("it never came"));
                else setTimeout(look, 20);
            }};
            look();
        }})"""
        told = await self.tell(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, (expression, told["exceptionDetails"])
        return told["result"].get("value")

    async def click(self, selector: str) -> None:
        """Click what is there, once it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        await self.wait_for(f"{found} && ({found}.click(), true)")

    async def write(self, selector: str, text: str) -> None:
        """Write into a field, in place of what stands in it, as from a keyboard."""
        found = f"document.querySelector({json.dumps(selector)})"
        await self.wait_for(f"{found} && ({found}.focus(), {found}.select(), true)")
        await self.tell("Input.insertText", text=text)


@asynccontextmanager
async def opened(program: Path, url: str, folder: Path) -> AsyncIterator[Page]:
    """Start a browser with nothing in its memory, and open a page in it."""
    process = _start(program, folder)
    try:
        address = await asyncio.to_thread(_address, process)
        async with connect(address, max_size=None) as socket:
            page = Page(socket, url.partition("/docs")[0])
            listening = asyncio.create_task(page.listen())
            try:
                await page.open(url)
                yield page
            finally:
                listening.cancel()
    finally:
        process.terminate()
        await asyncio.to_thread(process.communicate)


def _start(program: Path, folder: Path) -> subprocess.Popen[str]:
    command = [str(program), *QUIET, f"--user-data-dir={folder}", "about:blank"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if "DevTools listening on " in line:
            return line.rpartition(" ")[2].strip()
    raise AssertionError("the browser did not start")
