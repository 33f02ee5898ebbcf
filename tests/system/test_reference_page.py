"""The API reference opens on an intranet: no request leaves for another host."""

import re
import shutil
import subprocess

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


def test_page_and_assets_come_from_ourselves(installation):
    with installation.raw() as client:
        page = client.get("/docs")
        assert page.status_code == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]
        links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert links
        for link in links:
            assert link.startswith(("/", "./")) or "://" not in link, link
            if not link.startswith("data:"):
                assert client.get(f"/{link.lstrip('./')}").status_code == 200, link


def test_the_document_shows_every_part_and_who_may_ask(installation):
    with installation.raw() as client:
        document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert len(document["paths"]) > 40
    operations = [op for item in document["paths"].values() for op in item.values()]
    assert all("x-roles" in op for op in operations if isinstance(op, dict) and "responses" in op)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_a_real_browser_shows_the_operations_in_chinese(installation, tmp_path):
    """Planted bugs: the document asked for without a language; no word of swagger-ui replaced;
    groups headed by their names."""
    if installation.system is None:
        pytest.skip("a browser needs a socket")
    done = subprocess.run(
        [
            str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={tmp_path}", "--virtual-time-budget=15000", "--dump-dom",
            f"{installation.url}/docs?language=zh",
        ],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "/api/v1/cycles/{cycle_id}/score-sheets" in done.stdout
    assert "列出评估年度" in done.stdout, "the document is in the language of the page"
    assert "<span>台账</span>" in done.stdout, "and the names of the groups"
    assert "<span>ledger</span>" not in done.stdout
    assert ">登录<" in done.stdout, "and so are the words of swagger-ui"
    assert ">Authorize<" not in done.stdout
