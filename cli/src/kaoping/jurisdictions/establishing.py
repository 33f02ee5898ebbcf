"""A jurisdiction is established by two administrators of the installation, each with an account of
their own: who registered it, or made its first administrator, does not confirm that."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from kaoping.client import Client, Refused

FIRST = "system_administrator"

_TOLD = {
    "registered": (
        "已登记，待另一名管理员确认",
        "registered, to be confirmed by another administrator",
    ),
    "made": ("已创建，待另一名管理员确认", "made, to be confirmed by another administrator"),
    "confirmed": ("已确认", "confirmed"),
    "succession": (
        "已提议变更代码，待另一名管理员确认",
        "to have another code, to be confirmed by another administrator",
    ),
    "closing": (
        "已提议停用，待另一名管理员确认",
        "to be closed, to be confirmed by another administrator",
    ),
}


def told(what: str, whom: str, *, chinese: bool) -> str:
    """Return a line that says what was done, and what is left to be."""
    zh, en = _TOLD[what]
    return f"{whom}：{zh}" if chinese else f"{whom}: {en}"


def register(api: Client, told: dict[str, Any]) -> None:
    """Register a jurisdiction; another administrator confirms it."""
    api.post("/jurisdictions", told)


def make_administrator(api: Client, code: str, person: str, name: str) -> str:
    """Make the first administrator of a jurisdiction; return the name of the account. Another
    administrator confirms it."""
    subject = f"{code}.admin"
    account = {"subject": subject, "jurisdiction": code, "person": person or None, "name": name}
    api.post("/accounts", {"accounts": [account | {"kind": "person", "roles": [FIRST]}]})
    return subject


def close(api: Client, code: str, reason: str) -> None:
    """Propose that a jurisdiction is read alone from now on; another administrator confirms it."""
    api.post("/jurisdiction-closings", {"jurisdiction": code, "reason": reason})


def succeed(api: Client, code: str, told: dict[str, Any]) -> None:
    """Propose that another code takes the place of a jurisdiction's; another administrator confirms
    it."""
    api.post(f"/jurisdictions/{code}/succession", told)


def confirm(api: Client, code: str) -> str | None:
    """Confirm what another administrator has done about a jurisdiction: it is registered, is to
    have another code or to be closed, or has a first administrator. Return the secret with which
    that one signs in once."""
    registered = api.get(f"/jurisdictions/{code}")
    if registered["state"] == "proposed":
        api.post(f"/jurisdictions/{code}/confirmation")
        return None
    if (registered["changed_code"] or {}).get("state") == "proposed":
        api.post(f"/jurisdictions/{code}/succession/confirmation")
        return None
    closings = {each["jurisdiction"]: each for each in api.pages("/jurisdiction-closings")}
    if code in closings and closings[code]["state"] == "proposed":
        api.post(f"/jurisdiction-closings/{code}/confirmation")
        return None
    secret: str = api.post(f"/accounts/{code}.admin/confirmation")["secret"]
    return secret


def listed(api: Client, *, chinese: bool) -> Iterator[tuple[str, str, str, str]]:
    """Yield code, name, superior and state of every jurisdiction that the account knows of: what
    waits to be confirmed is what another administrator reads before it is."""
    closings = dict[str, Any]()
    with suppress(Refused):  # whoever keeps no accounts reads none
        closings = {each["jurisdiction"]: each for each in api.pages("/jurisdiction-closings")}
    for each in api.pages("/jurisdictions"):
        name = each["name_zh"] if chinese else each["name_en"]
        states = _states(each, closings.get(each["code"]), chinese=chinese)
        yield each["code"], name, each["superior"] or "", ("；" if chinese else "; ").join(states)


def _states(one: dict[str, Any], closing: dict[str, Any] | None, *, chinese: bool) -> Iterator[str]:
    yield _told_state(one["state"], chinese=chinese)
    if (changed := one["changed_code"]) is not None:
        by, on, document = (changed[n] for n in ("succeeded_by", "effective_on", "document_no"))
        state = _told_state(changed["state"], chinese=chinese)
        zh = f"自 {on} 起变更为 {by}（{document}，{state}）"
        yield zh if chinese else f"{by} from {on} on by {document} ({state})"
    if closing is not None:
        zh, en = (
            ("停用", "closed") if closing["state"] == "closed" else ("提议停用", "to be closed")
        )
        yield f"{zh}：{closing['reason']}" if chinese else f"{en}: {closing['reason']}"


def _told_state(state: str, *, chinese: bool) -> str:
    return {"proposed": "待确认", "confirmed": "已确认"}[state] if chinese else state
