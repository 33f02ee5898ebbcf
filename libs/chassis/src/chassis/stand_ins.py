"""Requests in which ids that nobody has stand for those of another realm (`chassis.realms`)."""

from collections.abc import Collection, Mapping, MutableMapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request

from chassis.realms import EVERY, realm_of, unknown

_STAND_INS = "realms.stand_ins"
"""Where a request keeps what stands for what in it, as the bytes of both."""

StandIns = list[tuple[bytes, bytes]]


def begin(scope: MutableMapping[str, Any]) -> StandIns:
    """Return the list of what stands for what in a request, which is empty as yet."""
    found: StandIns = scope.setdefault(_STAND_INS, [])
    return found


def tell_as_asked(message: MutableMapping[str, Any], stand_ins: StandIns) -> None:
    """Have a message of an answer name what was asked for, and not what stands for it."""
    for stand_in, asked in stand_ins if "body" in message else ():
        message["body"] = message["body"].replace(stand_in, asked)


def hide_others(request: Request, names: Collection[str], *realms: str | None) -> None:
    """Put ids that nobody has in the place of those that name a part of a realm besides these, in
    path and query; an answer tells the one that was asked for again."""
    path = {n: _hidden(request, v, realms) if n in names else v for n, v in _path(request).items()}
    request.scope["path_params"] = path
    asked = request.query_params.multi_items()
    told = [(n, _hidden(request, v, realms) if n in names else v) for n, v in asked]
    if told != asked:
        request.scope["query_string"] = urlencode(told).encode()
        # Starlette reads the query once and keeps it under this name.
        vars(request).pop("_query_params", None)


def _path(request: Request) -> Mapping[str, Any]:
    found: Mapping[str, Any] = request.scope.get("path_params", {})
    return found


def _hidden(request: Request, value: object, realms: Collection[str | None]) -> object:
    if EVERY in realms or realm_of(value) in realms:
        return value
    try:
        part = UUID(str(value))
    except ValueError:  # no part: a word, or what is refused as none
        return value
    stand_in = unknown(part, next(iter(realms)))
    begin(request.scope).append((str(stand_in).encode(), str(part).encode()))
    return str(stand_in)
