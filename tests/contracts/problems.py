"""docs/problems.md: every type of problem with what to do about it, and who answers with it."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from tests.contracts import faults

from chassis.problems import remedy_of, slug, status_of, title_of
from chassis.refusals import Conflict, Forbidden, Invalid, Missing, Refusal, Unavailable
from gateway.rules import wording

HEAD = """# Problems 问题类型

Written by `make contracts` from the refusals themselves. A refused request is answered with
`application/problem+json` (RFC 9457): `type` is one of the words below; `title`, `detail` and
`remedy` (what to do) are in the language of `Accept-Language`; `errors` names each fault by a JSON
pointer, a `code` and a sentence. Operations are named by their `operationId`.

请求被拒绝时，应答为 `application/problem+json`：`type` 为下列之一；`title`、`detail` 和 `remedy`
（如何处理）采用 `Accept-Language` 的语言；`errors` 以 JSON 指针、`code` 和
一句话逐处指明差错。操作以 `operationId` 称呼。

`about:blank` is a problem of which there is nothing to say but its status: a request that is no
HTTP (400), a head that is too long (431), a failure that nobody foresaw (500). Of the last tell
whoever runs the system the `request_id`.

`about:blank` 表示除状态码外无可说明：请求不是有效的 HTTP（400）、请求头过长（431）、未预见的故障
（500，请将 `request_id` 告知系统运行人员）。
"""

PRODUCTS = ("chassis", "indicators", "scoring", "survey", "ranking", "gateway")

_OPENID = "`/api/v1/session/openid`, in a browser 在浏览器中"

ELSEWHERE = {
    **dict.fromkeys(
        [
            *("answer-not-trusted", "no-outside-provider", "provider-refused", "return-not-local"),
            *("provider-unavailable", "sign-in-not-begun"),
        ],
        _OPENID,
    ),
    "no-such-method": "a method that is not published 未公布的方法",
    "not-there": "what belongs to another jurisdiction, named in a body 请求体中属于其他辖区的内容",
    "not-ready": "`/health/ready`",
    "not-in-an-emergency": "all, by the token of an emergency grant 凭应急授权的令牌提出的全部操作",
    "database-behind": "a part that does not start 服务拒绝启动",
    "origin-not-allowed": "what a browser asks beforehand 浏览器的跨域预检",
    "positions-not-understood": "what the gateway asks services for events 网关向各服务读取事件",
    "body-not-expected": "all without a request body 全部不带请求体的操作",
}
"""Types that no operation declares: whose answer they are."""


def kinds() -> dict[str, list[type[Refusal]]]:
    """Return the refusals that the code has, by their type; one type may be said in two parts."""
    for name in PRODUCTS:
        for module in pkgutil.walk_packages(import_module(name).__path__, f"{name}."):
            import_module(module.name)
    found: dict[str, list[type[Refusal]]] = {}
    for kind in _below(Refusal):
        if kind.__module__.split(".")[0] in PRODUCTS and kind not in _FAMILIES:
            found.setdefault(slug(kind), []).append(kind)
    return dict(sorted(found.items()))


_FAMILIES = {Conflict, Forbidden, Invalid, Missing, Unavailable}


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def said(kind: type[Refusal]) -> tuple[int, str, str, str, str]:
    """Return what is said of a type: status, title and remedy, in English and in Chinese."""
    texts = (f(kind, language) for f in (title_of, remedy_of) for language in ("en", "zh"))
    return (int(status_of(kind)), *texts)  # type: ignore[return-value]


def page(document: dict[str, Any]) -> str:
    """Return the whole page; `document` is the merged one."""
    by, groups = answered(document), _groups(document)
    sections = []
    for kind, classes in kinds().items():
        status, en, zh, remedy_en, remedy_zh = said(classes[0])
        where = ELSEWHERE.get(kind) or _named(by[kind], groups)
        sections.append(
            f"\n## `{kind}` {status}\n\n{en} {zh}\n\n"
            f"* What to do 如何处理: {remedy_en} {remedy_zh}\n* Operations 操作: {where}\n"
        )
    return HEAD + "".join(sections) + faults.table()


def answered(document: dict[str, Any]) -> dict[str, set[str]]:
    """Return the operations that declare each type."""
    found: dict[str, set[str]] = {}
    for operation in wording.operations(document):
        for answer in operation["responses"].values():
            for kind in answer.get("x-problems", ()):
                found.setdefault(kind, set()).add(operation["operationId"])
    return found


def _groups(document: dict[str, Any]) -> dict[str, set[str]]:
    """Return operations that have much in common, by what they are called together."""
    every = list(wording.operations(document))
    keyed = [p for p in every if any(q["name"] == "Idempotency-Key" for q in p["parameters"])]
    placed = [p for p in every if any(q["in"] == "path" for q in p["parameters"])]
    guarded = [p for p in every if p["security"]]
    named = {
        "all 全部": every,
        "all that want a token 全部需要令牌的操作": guarded,
        "all that take an `Idempotency-Key` 全部须带 `Idempotency-Key` 的操作": keyed,
        "all with something in the path 地址含参数的全部操作": placed,
    }
    return {name: {p["operationId"] for p in group} for name, group in named.items()}


def _named(those: set[str], groups: dict[str, set[str]]) -> str:
    """Name operations; where nearly all of a group are meant, the others."""
    for name, group in groups.items():
        more, others = those - group, group - those
        if len(those) > _MANY and len(more) + len(others) <= _MANY:
            told = [name]
            told += [f"without 除外 {_listed(others)}"] if others else []
            told += [f"and 以及 {_listed(more)}"] if more else []
            return ", ".join(told)
    return _listed(those)


_MANY = 12


def _listed(those: set[str]) -> str:
    return " ".join(f"`{one}`" for one in sorted(those))
