"""How one signs in: where accounts are kept here by password, at an outside provider on its page.

The provider is the real `oidc-provider` of npm. Without node, or without `make tools`, there is
nothing to sign in at and the test is skipped.
"""

import re
import socket
import subprocess
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect
from tests.console.conftest import Watched
from tests.contracts.test_other_peoples_tools import TOOLING, tools
from tests.system.harness import CHEAP, UNLIMITED, Prepared

__all__ = ["tools"]

CALLBACK = "/api/v1/session/openid/callback"
SECRET = "a secret: with / and +"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def elsewhere(tools) -> Iterator[str]:
    """A system whose accounts are kept by a provider; give its address."""
    port, providers = free_port(), free_port()
    issuer = f"http://127.0.0.1:{providers}"
    back = f"http://127.0.0.1:{port}{CALLBACK}"
    command = ["node", "openid-provider.mjs", str(providers), back]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    settings = {
        "identity": "openid",
        "token_issuer": issuer,
        "jwks_url": f"{issuer}/jwks",
        "openid_client_id": "kaoping",
        "openid_client_secret": SECRET,
    }
    environment = {
        name.upper(): value for name, value in {**CHEAP, **UNLIMITED, **settings}.items()
    }
    with subprocess.Popen(command, cwd=TOOLING, text=True, **pipes) as provider:
        try:
            assert provider.stdout.readline() == "listening\n"
            with Prepared.temporary(environment=environment, port=port) as system:
                # What is published is put together once, and not while the first page waits.
                for _ in range(20):
                    told = httpx.get(f"{system.gateway_url}/api/v1/openapi.json", timeout=60)
                    if told.status_code == 200:
                        break
                assert told.status_code == 200, told.text
                yield system.gateway_url
        finally:
            provider.terminate()


def test_accounts_kept_elsewhere_are_signed_in_to_elsewhere(elsewhere, browser):
    """Planted bugs: say that a password opens; leave the session's note out of the way back."""
    with browser.new_context(locale="zh-CN") as context:
        watched = Watched(context.new_page(), elsewhere)
        page = watched.visit("/account")
        way = page.get_by_role("link", name="前往统一身份认证登录")
        expect(way).to_be_visible()
        expect(page.get_by_label("密码")).to_have_count(0)
        watched.require_accessible()
        watched.require_narrow()
        way.click()
        page.locator("input[name=login]").fill("office")
        page.locator("input[name=password]").fill("x")
        page.locator("button[type=submit]").click()
        page.locator("button[type=submit]").click()  # and agrees
        page.wait_for_url(re.compile("/console/account"))
        page.locator("main h1").wait_for()
        watched.listen()
        watched.settle()
        expect(page.get_by_role("heading", name="本人账户")).to_be_visible()
        expect(page.locator("dl.facts")).to_contain_text("绩效办")
        watched.visit("/")
        expect(page.get_by_role("heading", name="待办事项")).to_be_visible()
        page.get_by_role("button", name="退出").click()
        page.wait_for_url("**/sign-in")
        assert watched.faults == []


def test_accounts_kept_here_are_signed_in_to_by_password(opened):
    page = opened().visit("/sign-in")
    expect(page.get_by_label("密码")).to_be_visible()
    expect(page.get_by_role("link", name="前往统一身份认证登录")).to_have_count(0)
