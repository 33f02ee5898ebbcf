"""A newcomer's first half hour: from the API page to an entry that is in the ledger."""

import json
import os
import shutil
from pathlib import Path

import pytest
from tests.clients.browser import opened

SECRET = "a-secret-that-is-long-enough"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ENTRY = {"unit": "A3", "indicator": "SOLO", "kind": "measured_value", "key": "v"}


class Operation:
    """One operation of the page, unfolded."""

    def __init__(self, page, name):
        self.page, self.at = page, f'.opblock[id$="-{name}"]'

    async def unfold(self):
        await self.page.click(f"{self.at} .opblock-summary-control")
        await self.page.click(f"{self.at} .try-out__btn")

    async def send(self):
        """Send the request and return the status and the body of the answer as the page shows."""
        await self.page.click(f"{self.at} .execute")
        answer = f"document.querySelector('{self.at} .live-responses-table tbody tr')"
        cell = f"{answer}.querySelector('.response-col_status')"
        status = await self.page.wait_for(f"{answer} && {cell}.innerText.trim()")
        shown = f"{answer}.querySelector('.response-col_description pre')"
        told = await self.page.wait_for(f"{shown} && {shown}.innerText")
        await self.page.click(f"{self.at} .btn-clear")
        await self.page.wait_for(f"!{answer}")
        return status.split()[0], told


@pytest.mark.skipif("PROVE" not in os.environ, reason="draws the whole page: `make prove`")
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
async def test_a_newcomer_signs_in_posts_an_entry_sees_its_problem_and_corrects_it(place, tmp_path):
    """Planted bugs: a script of the page from another host; a policy that keeps the page's own
    scripts out; sign-in refused to who sends an empty client id."""
    async with opened(Path(CHROMIUM), f"{place.url}/docs", tmp_path / "browser") as page:
        await page.click(".btn.authorize")
        await page.write("#oauth_username", "source")
        await page.write("#oauth_password", SECRET)
        form = "document.querySelector('#oauth_password').closest('.auth-container')"
        await page.wait_for(f"{form}.querySelector('.authorize').click() || true")
        await page.wait_for("!document.querySelector('#oauth_password')")
        await page.click(".btn-done")

        me = Operation(page, "read_me")
        await me.unfold()
        status, told = await me.send()
        assert (status, json.loads(told)["unit"]) == ("200", "S1")

        posting = Operation(page, "post_entries")
        await posting.unfold()
        await page.write(f"{posting.at} tr[data-param-name=cycle_id] input", place.cycle_id)
        key = f"{posting.at} tr[data-param-name=Idempotency-Key] input"
        await page.write(key, "my-first-entry")
        await page.write(f"{posting.at} textarea", _body("ninety"))
        status, told = await posting.send()
        [fault] = json.loads(told)["errors"]
        assert (status, fault["pointer"]) == ("422", "/entries/0/value")
        await page.write(f"{posting.at} textarea", _body("95"))
        status, told = await posting.send()
        assert (status, json.loads(told)["stored"]) == ("201", 1)
    assert page.stopped == []
    assert any(url.endswith("/ledger-entries?id_scheme=code&mode=all") for url in page.asked), (
        page.asked
    )


def _body(value):
    return json.dumps({"state": "draft", "entries": [{**ENTRY, "value": value}]})
