"""The console: files that come with the gateway, and one page for every path that is none."""

import gzip
import re

import pytest

from gateway.api.console import BUILT


async def test_the_bare_address_leads_to_the_console(door):
    async with door.client() as client:
        for path in ("/", "/console"):
            answer = await client.get(path)
            page = await client.get(answer.headers["location"])
            assert (answer.status_code, page.status_code) == (307, 200)
            assert page.headers["content-type"] == "text/html; charset=utf-8"


async def test_the_page_loads_everything_from_ourselves(door):
    """Planted bug: let scripts stand in the page."""
    async with door.client() as client:
        page = await client.get("/console/tasks/of/anything")
        assert page.text == (BUILT / "index.html").read_text("utf-8")
        parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        answers = [await client.get(part) for part in parts]
    assert len(parts) >= 3
    assert {answer.status_code for answer in answers} == {200}
    assert all(part.startswith("/console/assets/") for part in parts)
    assert not re.search(r"<script(?![^>]*src=)|style=|onload=", page.text)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_files_are_kept_for_ever_and_pages_are_asked_for_again(door, coding):
    """Planted bugs: `immutable` for the page; the compressed file to whoever takes none."""
    script = min((BUILT / "assets").glob("index-*.js"))
    async with door.client() as client:
        headers = {"Accept-Encoding": coding}
        async with client.stream("GET", f"/console/assets/{script.name}", headers=headers) as file:
            raw = b"".join([piece async for piece in file.aiter_raw()])
        page = await client.get("/console/", headers=headers)
        same = {"If-None-Match": page.headers["etag"], **headers}
        again = await client.get("/console/", headers=same)
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert file.headers.get("content-encoding") == (coding if coding == "gzip" else None)
    assert (gzip.decompress(raw) if coding == "gzip" else raw) == script.read_bytes()
    assert page.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["/console/assets/nothing.js", "/console/assets/../../settings.py", "/console/%2e%2e/app.py"],
)
async def test_nothing_else_is_served_from_there(door, path):
    async with door.client() as client:
        answer = await client.get(path)
    assert answer.status_code == 404 or answer.text == (BUILT / "index.html").read_text("utf-8")


def test_each_compressed_file_is_the_file_beside_it():
    """Planted bug: build without compressing anew."""
    packed = list(BUILT.rglob("*.gz"))
    assert len(packed) > 5
    for each in packed:
        assert gzip.decompress(each.read_bytes()) == each.with_suffix("").read_bytes(), each.name
