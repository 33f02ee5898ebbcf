"""Commands that are carried out only while a document is still the one that the caller read.

A command takes a `Precondition` where it changes something that has a document of its own. Once it
holds what it changes, it has the document made again in its own transaction and compared: of two
who name the same ETag the second finds another one there, and nothing of its own is kept. A
request whose `If-Match` was not looked at is not carried out.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BaseModel

from chassis.kept import etag_of
from chassis.refusals import Conflict, Invalid

HEADER = "If-Match"

DeclaredMatch = Annotated[
    str | None,
    Header(
        alias=HEADER,
        description="The `ETag` of the document as you read it: the command is carried out only "
        "while it is still that one, and refused with 412 otherwise.",
        json_schema_extra={"maxLength": 2000},
    ),
]
"""The header as the published document shows it; it is read by `_precondition`."""

_TAG = r'(W/)?"[\x21\x23-\x7e]*"'
_are_tags = re.compile(rf"{_TAG}([ \t]*,[ \t]*{_TAG})*").fullmatch
_tag = re.compile(_TAG)


class PreconditionFailed(Conflict):
    """The document is another by now than `If-Match` names; nothing was changed."""

    zh = "文档已不是 `If-Match` 所指的那一版，未作任何改动。"
    remedy = (
        "Read the document again, look at what changed, and send the command with the new `ETag`.",
        "请重新读取该文档，核对变化后，以新的 `ETag` 重新提交。",
    )
    status = 412

    def __init__(self, etag: str, version: int | None) -> None:
        facts = {"etag": etag} if version is None else {"etag": etag, "version": version}
        super().__init__(f"Its ETag is {etag}.", f"当前 `ETag` 为 {etag}。", **facts)
        self.headers = {"ETag": etag}


class ConditionNotUnderstood(Invalid):
    """`If-Match` is neither `*` nor a list of ETags."""

    zh = "`If-Match` 既不是 `*` 也不是 `ETag` 列表。"
    remedy = (
        "Send the `ETag` as it was given, in its quotation marks.",
        "请原样发送所得的 `ETag`，连同引号。",
    )
    status = 400


@dataclass(slots=True)
class IfMatch:
    """What a request says of the document that it changes; `tags` is None where it says nothing."""

    tags: frozenset[str] | None
    is_asked: bool = field(default=False)

    async def require(
        self, read: Callable[[], Awaitable[BaseModel]], *, version: int | None = None
    ) -> None:
        """Refuse unless the document is one of those that are named; `read` makes it as it is read.

        It is asked once the command holds what it changes, so that nobody else changes it until the
        commit. A weak tag names no document to the byte, and never matches (RFC 9110, 13.1.1).
        """
        self.is_asked = True
        if self.tags is None:
            return
        etag = etag_of((await read()).model_dump_json().encode())
        if not self.tags & {"*", etag}:
            raise PreconditionFailed(etag, version)


def condition_of(given: str | None) -> IfMatch:
    """Return what `If-Match` says; refuse what cannot be read."""
    if given is None:
        return IfMatch(None)
    if given.strip() == "*":
        return IfMatch(frozenset({"*"}))
    if not _are_tags(given.strip()):
        en = 'Give one ETag in quotation marks, several with commas between, or "*".'
        raise ConditionNotUnderstood(en, "请给出带引号的 `ETag`，多个以逗号分隔，或给出 `*`。")
    return IfMatch(frozenset(each[0] for each in _tag.finditer(given)))


async def _precondition(request: Request) -> IfMatch:
    found: IfMatch = condition_of(request.headers.get(HEADER))
    request.state.condition = found
    return found


def settle(request: Request) -> None:
    """Refuse to keep a command whose condition was never looked at."""
    found: IfMatch | None = getattr(request.state, "condition", None)
    if found is not None and found.tags is not None and not found.is_asked:
        raise RuntimeError("a command did not look at its If-Match")


Precondition = Annotated[IfMatch, Depends(_precondition)]
"""The condition of a command on a document, by `If-Match`."""
