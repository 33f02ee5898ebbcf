"""Creates accounts under the new code of a jurisdiction like those under its old one.

An account is of one jurisdiction for ever, and those of before finish the years of before. So each
is made anew by the administrator of the new code, with the name, person, unit and roles that it
has, as all accounts of that one are: what takes effect by two people takes two there as well. What
cannot be made like it is left, and said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kaoping.client import Client, Refused
from kaoping.faults import KaopingFault

_LIKE = ("kind", "name", "unit", "roles", "scope")
_PART = ":"

_WHY = {
    "effective": ("未生效或已停用", "it is not in effect"),
    "ends": ("有截止日期，须另行创建", "it ends on a day: make it by hand"),
    "parts": ("授权限于原代码的年度", "its scope names years of the old code"),
}


@dataclass
class GoneOn:
    """Which accounts were made: by their names, with the secret with which each signs in for the
    first time, None where somebody confirms it first; and which were not, each with the reason."""

    made: list[tuple[str, str | None]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def go_on(before: Client, after: Client, *, chinese: bool) -> GoneOn:
    """Make for each account of a jurisdiction one like it in that which took its place; those that
    are there stay as they are. Raises `KaopingFault` where none took its place, or another did."""
    old, new = _codes(before, after, chinese=chinese)
    there = {each["subject"] for each in after.pages("/accounts")}
    found = GoneOn()
    for each in before.pages("/accounts"):
        subject = _renamed(each["subject"], old, new)
        if subject in there:
            continue
        if why := next(_against(each), None):
            found.left.append((each["subject"], _WHY[why][0 if chinese else 1]))
            continue
        try:
            answer = after.post("/accounts", {"accounts": [_like(each, old, new)]})
        except Refused as refusal:
            found.left.append((each["subject"], str(refusal)))
        else:
            found.made.append((subject, answer["accounts"][0]["secret"]))
    return found


def _codes(before: Client, after: Client, *, chinese: bool) -> tuple[str, str]:
    """Return the codes of two accounts, of which the second has taken the place of the first."""
    old, new = (each.get("/me")["jurisdiction"] for each in (before, after))
    told = before.get(f"/jurisdictions/{old}")["changed_code"] if old else None
    wanted = {"state": "confirmed", "succeeded_by": new}
    if new is None or not wanted.items() <= (told or {}).items():
        zh, en = f"{new} 未经确认取代 {old}", f"{new} has not taken the place of {old}"
        raise KaopingFault(zh if chinese else en)
    return old, new


def _like(account: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return an account to create that is like another one."""
    names = {name: _renamed(account[name], old, new) for name in ("subject", "person")}
    return {name: account[name] for name in _LIKE} | names


def _renamed(name: str, old: str, new: str) -> str:
    """Return a name that begins with a code as it is under the other one."""
    return f"{new}.{name.removeprefix(f'{old}.')}" if name.startswith(f"{old}.") else name


def _against(account: dict[str, Any]) -> Iterator[str]:
    """Yield why there can be none like an account under another code."""
    if account["state"] != "effective":
        yield "effective"
    if account["expires_on"] is not None:
        yield "ends"
    if _PART in (account["scope"] or ""):
        yield "parts"
