"""Refusals on the wire: RFC 9457 problem details, in Chinese or English.

The language follows `Accept-Language`; without one it is Chinese, the language of the
people this is for. An answer never contains SQL, a path of the machine or a traceback.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from chassis import logs, metrics, personal
from chassis.faults import faults_of
from chassis.refusals import (
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    Missing,
    Refusal,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"

MOST_FAULTS = 100
"""The most faults that one answer names; it says how many more there are."""
_LONGEST_POINTER = 300
_LONGEST_TEXT = 2_000

STATUS: dict[type[Refusal], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Missing: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Forbidden: HTTPStatus.FORBIDDEN,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457), in Chinese or English.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "examples": ["malformed-request", "not-allowed", "about:blank"],
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "remedy": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemFault"}},
        "more": {"type": "integer"},
    },
}

FAULT_SCHEMA: dict[str, Any] = {
    "title": "ProblemFault",
    "description": "One fault of what was sent: where (RFC 6901), which kind, and in words.",
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {"type": "string"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}

_PROBLEM_CONTENT: dict[str, Any] = {
    MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
}

Responses = dict[int | str, dict[str, Any]]
"""Answers of an operation as FastAPI declares them, by status."""

_PHRASES_ZH = {
    400: "请求有误。",
    404: "没有这个地址。",
    405: "该地址不支持这种方法。",
    406: "无法提供所要求的格式。",
    413: "请求体过大。",
    415: "不支持这种内容类型。",
    431: "请求行或请求头过长。",
    500: "服务内部出错。",
    503: "服务暂时不可用。",
}


class MalformedRequest(Invalid):
    """The request does not have the published shape."""

    zh = "请求不符合公布的格式。"
    remedy = (
        "Mend what `errors` names, as the API document describes the request, and send it again.",
        "请按 `errors` 所指，对照接口文档改正后重新提交。",
    )


def slug(refusal: type[Refusal]) -> str:
    """``BranchClosed`` -> ``branch-closed``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", refusal.__name__).lower()


def status_of(refusal: type[Refusal]) -> HTTPStatus:
    """Return the status a refusal is answered with.

    It is that of the nearest ancestor that has one; a class may name another as `status`.
    """
    own = getattr(refusal, "status", None)
    if own is not None:
        return HTTPStatus(own)
    return next(STATUS[kind] for kind in refusal.__mro__ if kind in STATUS)


def title_of(refusal: type[Refusal], language: str) -> str:
    """Return the title of a refusal in `language` ("zh" or "en")."""
    if language == "zh":
        return refusal.zh
    return (refusal.__doc__ or refusal.__name__).strip().splitlines()[0]


def remedy_of(refusal: type[Refusal], language: str) -> str:
    """Return what a caller can do about a refusal, in `language` ("zh" or "en")."""
    return refusal.remedy[language == "zh"]


def language_of(accept_language: str) -> str:
    """Return "zh" or "en", whichever `Accept-Language` prefers; "zh" when it names neither."""
    best, best_weight = "zh", 0.0
    for part in accept_language[:_LONGEST_TEXT].split(","):
        tag, _, weight = part.strip().partition(";")
        try:
            q = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            q = 0.0
        tag = tag.strip().lower().partition("-")[0]
        if tag in {"zh", "en"} and q > best_weight:
            best, best_weight = tag, q
    return best


def documents(*refusals: type[Refusal]) -> Responses:
    """Declare the refusals of an endpoint: ``responses=documents(BranchClosed)``."""
    return joined(*map(_documented, refusals))


def _documented(refusal: type[Refusal]) -> Responses:
    titles = {language: title_of(refusal, language) for language in ("en", "zh")}
    told = {**titles, "remedy": {language: remedy_of(refusal, language) for language in titles}}
    problems = {slug(refusal): told}
    entry = {"description": "", "content": _PROBLEM_CONTENT, "x-problems": problems}
    return {int(status_of(refusal)): entry}


def joined(*responses: Responses) -> Responses:
    """Return declared answers together: refusals of one status in one entry, each named once."""
    entries: Responses = {}
    for status, entry in (pair for each in responses for pair in each.items()):
        known = entries.setdefault(status, dict(entry))
        if "x-problems" in entry:
            known["x-problems"] = known["x-problems"] | entry["x-problems"]
    return entries


def described(kinds: Iterable[str], known: Mapping[str, Any], language: str) -> str:
    """Return what an answer is said to be: each kind of problem with its title, a line each."""
    return "\n".join(f"`{kind}`: {known[kind][language]}" for kind in kinds)


def complete_document(document: dict[str, Any]) -> dict[str, Any]:
    """Make a document that FastAPI generated say what is really answered and wanted.

    FastAPI publishes a validation error of its own shape wherever nothing else is declared, and
    knows no parameter that is required but refused by somebody else. What kinds of problems there
    are stands once, in `x-problems` of the document; an answer names its own.
    """
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= {"Problem": PROBLEM_SCHEMA, "ProblemFault": FAULT_SCHEMA}
    kinds = document.setdefault("x-problems", {})
    for item in document["paths"].values():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if status[0] in "45":
                    answer["content"] = _PROBLEM_CONTENT
                    told = answer.get("x-problems", {})
                    kinds |= {kind: {"status": int(status), **told[kind]} for kind in told}
                    answer["x-problems"] = sorted(told)
                    answer["description"] = described(answer["x-problems"], kinds, "en")
            for parameter in operation.get("parameters", ()):
                wanted = parameter["schema"].get("x-wanted")
                parameter |= {"required": True, "schema": wanted} if wanted else {}
    return document


def body_of(
    refusal: Refusal, *, language: str, instance: str, request_id: str
) -> tuple[int, dict[str, Any]]:
    """Return status and body of the problem document of a refusal.

    It may name a key or a path that was sent, but repeats no number that leads to a person.
    """
    kind = type(refusal)
    metrics.REFUSALS.labels(slug(kind)).inc()
    zh = language == "zh"
    body: dict[str, Any] = {
        "type": slug(kind),
        "title": title_of(kind, language),
        "status": int(status_of(kind)),
        "detail": _repeated(refusal.detail_zh if zh else refusal.detail_en),
        "remedy": remedy_of(kind, language),
        "instance": _repeated(instance),
        "request_id": request_id,
        **{n: _repeated(fact) if type(fact) is str else fact for n, fact in refusal.facts.items()},
    }
    if refusal.faults:
        body |= _listed(refusal, zh=zh)
    return body["status"], body


def _listed(refusal: Refusal, *, zh: bool) -> dict[str, Any]:
    """Return the first faults, and how many more there are: an answer has its limits too."""
    shown = refusal.faults[:MOST_FAULTS]
    errors = [fault_as_told(fault, "zh" if zh else "en") for fault in shown]
    more = len(refusal.faults) - len(shown) + refusal.more
    if not more:
        return {"errors": errors}
    n = len(shown)
    said = f"另有 {more} 处错误，此处只列出前 {n} 处。" if zh else f"{more} more than these {n}."
    detail = f"{_repeated(refusal.detail_zh if zh else refusal.detail_en)} {said}"
    return {"detail": detail, "errors": errors, "more": more}


def fault_as_told(fault: Fault, language: str) -> dict[str, str]:
    """Return a fault as it is told in `language` ("zh" or "en")."""
    return {
        "pointer": _repeated(fault.pointer, _LONGEST_POINTER),
        "code": fault.code,
        "detail": _repeated(fault.zh if language == "zh" else fault.en),
    }


def _repeated(text: str, most: int = _LONGEST_TEXT) -> str:
    """Return what an answer may repeat of a text: its beginning, without numbers of people.

    A pointer repeats the caller's own keys, and an answer ends up in other people's logs.
    """
    return personal.masked(text if len(text) <= most else text[:most] + "…")


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return a problem document as JSON bytes; what JSON lacks (a Decimal, a UUID) as a string."""
    return orjson.dumps(body, default=str)


def install(app: FastAPI) -> None:
    """Answer every refusal of this app with a problem document.

    What nobody foresaw passes through to `chassis.service.RequestContext`, which answers with
    `crashed` while the request id is still known.
    """
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)


def render(request: Request, refusal: Refusal) -> Response:
    """Return the answer that a refusal gets."""
    language = language_of(request.headers.get("accept-language", ""))
    status, body = body_of(
        refusal, language=language, instance=request.url.path, request_id=logs.request_id.get()
    )
    headers = {"Content-Language": language, **getattr(refusal, "headers", {})}
    return Response(encoded(body), status, headers, media_type=MEDIA_TYPE)


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - narrows for mypy
    return render(request, refusal)


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - narrows for mypy
    return render(request, malformed(error.errors(), error.body))


def malformed(errors: Sequence[Any], sent: object) -> MalformedRequest:
    """Return the refusal of a request in which pydantic found `errors` in what was `sent`."""
    return malformed_by(faults_of(errors[:MOST_FAULTS], sent), len(errors))


def malformed_by(faults: Sequence[Fault], n: int) -> MalformedRequest:
    """Return the refusal of a request with `n` faults, of which these are named."""
    return MalformedRequest(
        f"{n} fault(s) in the request.",
        f"请求有 {n} 处错误。",
        faults=faults,
        more=n - len(faults),
    )


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - narrows for mypy
    return _blank(request, error.status_code)


def crashed(request: Request, error: Exception) -> Response:
    """Return the answer to a failure that nobody foresaw; log its kind and place."""
    # The traceback goes to the log by its type and place only: messages of the database
    # driver repeat the values of rows.
    metrics.CRASHES.inc()
    logs.crash(error)
    return _blank(request, 500)


def blank(status: int, language: str, *, request_id: str, **more: str) -> dict[str, Any]:
    """Return the body of a problem of which there is nothing to say but its status."""
    phrase = HTTPStatus(status).phrase
    title = _PHRASES_ZH.get(status, phrase) if language == "zh" else phrase
    told = {"type": "about:blank", "title": title, "status": status}
    return {**told, **more, "request_id": request_id}


def _blank(request: Request, status: int) -> Response:
    language = language_of(request.headers.get("accept-language", ""))
    instance, request_id = _repeated(request.url.path), logs.request_id.get()
    body = blank(status, language, instance=instance, request_id=request_id)
    headers = {"Content-Language": language}
    return Response(encoded(body), status, headers, media_type=MEDIA_TYPE)
