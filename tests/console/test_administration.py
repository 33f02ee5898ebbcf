"""Accounts, rights taken in emergencies and journals, by the hands of administrators and auditors.

A system of its own: once there is a security administrator nothing is confirmed as it was before.
"""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect
from tests.console.conftest import City
from tests.console.works import sent
from tests.system.harness import in_five_processes

from kaoping.card import Credentials
from kaoping.playing import Account

SYSTEM, SECURITY, AUDITOR = "system_administrator", "security_administrator", "auditor"
TAKES = 20_000
"""Milliseconds that an answer may take on a machine that does much else."""


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    """A system without any year, with an administrator of each kind and an auditor."""
    expect.set_options(timeout=TAKES)
    lasting = {"token_seconds": "7200", "longest_token_seconds": "7200", "account_seconds": "1"}
    with in_five_processes(**lasting) as installation:
        made = City(installation, cycles={"none": ""})
        held = [(SYSTEM, installation.administrator)]
        with installation.client(installation.administrator) as administrator:
            wanted = [_new("security", "安全管理员", SECURITY), _new("auditor", "审计", AUDITOR)]
            answer = administrator.post("/accounts", {"accounts": wanted})
            # Each part writes its document when it is first asked for it, and answers nobody else
            # meanwhile; the first page asks for what stands in it.
            administrator.get("/openapi.json")
        for role, each in zip((SECURITY, AUDITOR), answer["accounts"], strict=True):
            held.append((role, Credentials(each["subject"], each["secret"])))
        made.accounts["none"] = [Account(who.name, None, (role,), who) for role, who in held]
        yield made


def _new(subject: str, name: str, *roles: str, kind: str = "person") -> dict[str, object]:
    return {"subject": subject, "kind": kind, "name": name, "roles": list(roles)}


def _made(city: City, subject: str, *roles: str, kind: str = "person") -> Credentials:
    """Make an account by one administrator and confirm it by the other."""
    with city.client("none", SYSTEM) as one, city.client("none", SECURITY) as other:
        one.post("/accounts", {"accounts": [_new(subject, subject, *roles, kind=kind)]})
        secret = other.post(f"/accounts/{subject}/confirmation")["secret"]
    return Credentials(subject, secret, kind)


def _with_password(city: City, who: Credentials) -> Credentials:
    """Do what the first sign-in asks for: another password in the place of the secret for once."""
    with httpx.Client(base_url=city.url, trust_env=False, timeout=60) as http:
        token = http.post("/oauth/token", data=who.form).json()
        assert token["purpose"] == "new-password"
        headers = {"Authorization": f"Bearer {token['access_token']}", "Idempotency-Key": who.name}
        body = {"current": who.secret, "new": "third-horse-and-cart"}
        assert http.post("/api/v1/me/password", json=body, headers=headers).is_success
    return Credentials(who.name, body["new"])


def test_an_account_is_made_by_one_confirmed_by_another_and_its_secret_shown_once(opened, city):
    """Planted bug: the secret stays in the page once its dialog is closed."""
    one = opened("none", SYSTEM)
    page = one.visit("/administration/accounts")
    page.get_by_role("button", name="新建账户").click()
    form = page.get_by_role("dialog")
    form.get_by_label("账户", exact=True).fill("office-1")
    form.get_by_label("姓名或名称").fill("绩效办一号")
    form.get_by_label("绩效办", exact=True).check()
    form.get_by_role("button", name="预览").click()
    expect(form.get_by_role("status")).to_contain_text("须由另一名管理员确认后生效")
    form.get_by_role("button", name="设立账户").click()
    expect(page.get_by_role("row").filter(has_text="office-1")).to_contain_text("待确认")
    other = opened("none", SECURITY)
    page = other.visit("/")
    row = page.get_by_role("row").filter(has_text="office-1")
    row.get_by_role("link", name=re.compile("办理")).click()
    other.settle()
    page.get_by_role("button", name="确认账户").click()
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
    shown = page.get_by_role("dialog", name="一次性密钥").locator("code")
    expect(shown).to_be_visible()
    secret = shown.inner_text()
    page.get_by_role("button", name="已记录，关闭").click()
    expect(shown).to_have_count(0)
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage, ...history.state})")
    assert secret not in page.content()
    assert secret not in kept
    page.reload()
    other.settle()
    assert secret not in page.content()
    who = _with_password(city, Credentials("office-1", secret))
    with city.installation.client(who) as office:
        assert [role["code"] for role in office.get("/me")["roles"]] == ["performance_office"]


def test_a_disabled_account_is_signed_out_at_once(opened, city):
    """Planted bug: what is unticked is not sent."""
    who = _with_password(city, _made(city, "office-2", "performance_office"))
    city.accounts["none"].append(Account(who.name, None, ("office-2",), who))
    signed_in = opened("none", "office-2")
    signed_in.visit("/account")
    watched = opened("none", SECURITY)
    page = watched.visit("/administration/account?subject=office-2")
    page.get_by_role("button", name="变更", exact=True).click()
    form = page.get_by_role("dialog")
    form.get_by_label("启用").uncheck()
    form.get_by_label("理由").fill("已调离")
    form.get_by_role("button", name="预览").click()
    form.get_by_role("button", name="提交").click()
    expect(page.get_by_text("变更已提交").first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="已调离")).to_be_visible()
    with city.client("none", SYSTEM) as administrator:
        assert administrator.get("/accounts/office-2")["state"] == "disabled"
    signed_in.expects(401, "/api/v1/me")
    for _ in range(60):  # what a cookie opens is read again every second
        signed_in.visit("/account")
        if "/sign-in" in signed_in.page.url:
            break
        signed_in.page.wait_for_timeout(200)
    assert "/sign-in" in signed_in.page.url


def test_a_system_gets_another_secret_from_two_administrators(opened, city):
    """Planted bug: the number of another secret is confirmed."""
    _made(city, "feed", "data_source_unit", kind="client")
    one = opened("none", SYSTEM)
    page = one.visit("/administration/account?subject=feed")
    page.get_by_role("button", name="签发新密钥").click()
    page.get_by_role("dialog").get_by_label("理由").fill("密钥到期前更换")
    page.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(page.get_by_role("row").filter(has_text="待确认")).to_be_visible()
    other = opened("none", SECURITY)
    page = other.visit("/administration/account?subject=feed")
    page.get_by_role("row").filter(has_text="待确认").get_by_role("button", name="确认").click()
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
    shown = page.get_by_role("dialog", name="一次性密钥").locator("code")
    secret = shown.inner_text()
    page.get_by_role("button", name="已记录，关闭").click()
    with city.installation.client(Credentials("feed", secret, "client")) as feed:
        assert feed.get("/me")["subject"] == "feed"


def test_a_right_taken_in_an_emergency_is_used_ended_and_reviewed(opened, city):
    """Planted bugs: every review says that the right was justified; the token goes with every
    request, also with those that the right does not open."""
    taker = opened("none", SYSTEM)
    page = taker.visit("/administration/emergencies")
    page.get_by_role("button", name="行使应急授权").click()
    form = page.get_by_role("dialog")
    form.get_by_label("理由").fill("安全管理员不在岗")
    form.get_by_role("button", name="行使应急授权").click()
    page.get_by_role("button", name="账户应急处置").click()
    page.get_by_role("button", name="在本页面使用").click()
    in_use = page.get_by_text("正在使用应急授权：账户应急处置")
    expect(in_use).to_be_visible()
    menu = page.get_by_role("navigation", name="菜单")
    menu.get_by_role("link", name="账户").click()
    taker.settle()
    page.get_by_role("button", name="auditor").click()
    taker.settle()
    page.get_by_role("button", name="解除登录放慢").click()
    page.get_by_role("dialog").get_by_label("理由").fill("当日须登录")
    page.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(page.get_by_text("登录放慢已解除。")).to_be_visible()
    menu.get_by_role("link", name="应急授权").click()
    taker.settle()
    taker.require_accessible()
    page.get_by_role("button", name="账户应急处置").click()
    requests = page.get_by_role("region", name="行使情况")
    expect(requests.get_by_text("/auditor/unlock")).to_be_visible()
    page.get_by_role("button", name="停止使用").click()
    expect(in_use).to_have_count(0)
    page.get_by_role("button", name="提前终止").click()
    page.get_by_role("dialog").get_by_label("理由").fill("处置完毕")
    page.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(page.get_by_role("row").filter(has_text="账户应急处置")).to_contain_text("待复核")
    taker.require_accessible()
    reviewer = opened("none", AUDITOR)
    page = reviewer.visit("/")
    row = page.get_by_role("row").filter(has_text="应急授权")
    row.get_by_role("link", name=re.compile("办理")).click()
    reviewer.settle()
    page.get_by_role("button", name="账户应急处置").click()
    page.get_by_role("button", name="复核", exact=True).click()
    form = page.get_by_role("dialog")
    form.get_by_label("复核意见").select_option("unjustified")
    form.get_by_label("说明").fill("当日有人在岗")
    form.get_by_role("button", name="确认").click()
    expect(page.get_by_role("row").filter(has_text="账户应急处置")).to_contain_text("并无必要")
    with city.client("none", AUDITOR) as auditor:
        grants = auditor.get("/emergency-grants")["items"]
    assert [(each["state"], each["finding"]) for each in grants] == [("reviewed", "unjustified")]


def test_the_auditor_verifies_the_journals_and_notes_a_checkpoint_down(opened, city):
    """Planted bug: a chain that does not hold is counted among those that do."""
    watched = opened("none", AUDITOR)
    page = watched.visit("/administration/journals")
    page.get_by_role("button", name="立即签署检查点").click()
    with city.client("none", AUDITOR) as auditor:
        expect(page.locator("dl code")).to_be_visible()
        latest = auditor.get("/checkpoints/latest")
    expect(page.locator("dl")).to_contain_text(latest["digest"])
    page.get_by_role("button", name="逐链核验").click()
    expect(page.get_by_text(re.compile(r"已核验\d+条链，0条发现问题。"))).to_be_visible()
    expect(page.get_by_text("完整无改动").first).to_be_visible()
    page.get_by_role("button", name="查看日志 账户").click()
    expect(page.get_by_role("dialog").get_by_role("row").nth(1)).to_be_visible()
    watched.require_accessible()


def test_a_jurisdiction_is_registered_by_one_administrator_and_confirmed_by_another(opened, city):
    """Planted bug: who registered it is offered to confirm it."""
    other = _with_password(city, _made(city, "second-system", SYSTEM))
    city.accounts["none"].append(Account(other.name, None, (SYSTEM,), other))
    watched = opened("none", SYSTEM)
    page = watched.visit("/jurisdictions")
    form = page.locator("form")
    form.get_by_label("行政区划代码").fill("439900")
    form.get_by_label("中文名称").fill("云川市")
    form.get_by_label("英文名称").fill("Yunchuan")
    form.get_by_label("设立日期").fill("2000-01-01")
    sent(form, page, "登记辖区")
    row = page.get_by_role("row").filter(has_text="439900")
    expect(row).to_contain_text("须由另一名系统管理员确认")
    watched.require_accessible()
    page = opened("none", other.name).visit("/jurisdictions")
    sent(page.get_by_role("row").filter(has_text="439900"), page, "确认辖区")
    expect(page.get_by_role("row").filter(has_text="439900")).to_contain_text("已确认")
    with city.client("none", SYSTEM) as client:
        [known] = client.get("/jurisdictions")["items"]
    assert (known["state"], known["confirmed_by"]) == ("confirmed", other.name)
