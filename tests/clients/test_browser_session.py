"""A real browser with a session's cookie: what its scripts see, what pages elsewhere can do."""

import json
import shutil
from pathlib import Path

import pytest
from tests.clients.browser import opened
from tests.clients.conftest import SECRET

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PROOF = {"Content-Type": "application/json", "X-CSRF-Protection": "1"}


class Asking:
    """A page, by what its scripts ask."""

    def __init__(self, page):
        self.page = page

    async def run(self, script):
        told = await self.page.tell(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return told["result"].get("value", told.get("exceptionDetails"))

    async def ask(self, url, method="GET", headers=None, body=None, **more):
        """Ask as `fetch` does; return the status, 0 for what the page may not read."""
        how = {"method": method, "headers": headers or {}, **more}
        if body is not None:
            how["body"] = json.dumps(body)
        asked = f"fetch({json.dumps(url)}, {json.dumps(how)})"
        return await self.run(f"{asked}.then((answer) => answer.status, (error) => String(error))")

    async def go(self, url):
        await self.page.tell("Page.navigate", url=url)
        await self.page.wait_for(
            f"location.href === {json.dumps(url)} && document.readyState === 'complete'"
        )


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
async def test_a_page_of_ours_asks_by_a_cookie_and_a_page_elsewhere_does_nothing_by_it(
    place, tmp_path
):
    """The same server under two names is two sites. Planted bugs: want no proofs; a cookie that
    scripts can read."""
    ours = f"{place.url}/docs"
    elsewhere = place.url.replace("127.0.0.1", "localhost") + "/api/v1/openapi.json"
    who = {"username": "office", "password": SECRET}
    session, end = f"{place.url}/api/v1/session", f"{place.url}/api/v1/session/end"
    async with opened(Path(CHROMIUM), ours, tmp_path / "browser") as page:
        page._ours = "http://"  # what a page elsewhere asks of us is the matter here
        here = Asking(page)
        await here.page.wait_for("document.readyState === 'complete'")
        assert await here.ask("/api/v1/session", "POST", PROOF, who) == 201
        assert await here.run("document.cookie") == ""
        assert await here.ask("/api/v1/me") == 200
        assert await here.ask("/api/v1/session/end", "POST") == 403

        await here.go(elsewhere)
        plain = {"credentials": "include", "mode": "no-cors"}
        assert await here.ask(end, "POST", **plain) == 0
        as_form = {"Content-Type": "text/plain"}
        other = {"username": "unit", "password": SECRET}
        assert await here.ask(session, "POST", as_form, other, **plain) == 0
        for asked in (
            here.ask(end, "POST", PROOF, credentials="include"),
            here.ask(f"{place.url}/api/v1/me", credentials="include"),
        ):
            assert "Failed to fetch" in await asked

        await here.go(ours)
        me = "fetch('/api/v1/me').then((a) => a.json()).then((me) => me.subject)"
        assert await here.run(me) == "office"
        assert await here.ask("/api/v1/session/end", "POST", PROOF) == 200
        assert await here.ask("/api/v1/me") == 401
