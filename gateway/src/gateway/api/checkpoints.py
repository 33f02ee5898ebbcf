"""Checkpoints (检查点): how far all journals had come, signed outside of every database."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import Field

from chassis.authorisation import UNAFFILIATED, Permit
from chassis.checkpoints import Checkpoint, CheckpointsBroken
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.wire import OneOf, Outgoing
from gateway.access_tokens import own_token
from gateway.checkpoints import Checkpoints, JournalsBehind, Notary

router = Router("/checkpoints", tags=["journals"])

_CARRIED = ("authorization", "accept-language")


class NoSuchCheckpoint(Missing):
    """There is no such checkpoint."""

    zh = "没有该检查点。"
    remedy = ("Look it up in the list of checkpoints.", "请在检查点列表中查找。")


class ReachedChain(Outgoing):
    """How far a chain of a part's journal had come: number and hash of its last entry."""

    journal: str
    chain: str
    seq: int
    hash: str


class CheckpointSummary(Outgoing):
    """A checkpoint, without how far each journal had come.

    `digest` is the SHA-256 of its signed text: whoever notes it down can show later that nothing
    of what came before was changed. `previous` is the digest of the one before it. A part that did
    not answer is `missing`. One of the kind `restoration` says that the parts in `restored` were
    taken back to the checkpoint `back_to`, why, and `by` which two people.
    """

    number: int
    kind: Annotated[str, OneOf("checkpoint", "restoration")]
    made_at: datetime
    digest: str
    previous: str | None
    missing: list[str]
    restored: list[str]
    back_to: int | None
    reason: str | None
    by: list[str]


class WholeCheckpoint(CheckpointSummary):
    """A checkpoint with how far each journal had come, and its signed text (RFC 7515, compact)."""

    chains: list[ReachedChain]
    signed: str


class LatestCheckpoint(Outgoing):
    """The newest checkpoint, to be noted down by anybody, and the keys that sign them (RFC 7517).

    A digest tells nothing of what it is of. All is null, and there are no keys, before the first.
    """

    number: int | None
    made_at: datetime | None
    digest: str | None
    keys: list[dict[str, Any]] = Field(max_length=100)


@router.post("", status_code=201, responses=documents(JournalsBehind, CheckpointsBroken))
async def make_checkpoint(request: Request, permit: Permit) -> CheckpointSummary:
    """Sign how far all journals have come now; each day one is made by itself."""
    permit.require_no_realm()
    permit.require({UNAFFILIATED} if permit.caller.organisation is None else ())
    notary: Notary = request.app.state.notary
    told = {name: value for name in _CARRIED if (value := request.headers.get(name))}
    if request.app.state.standings is not None:  # whose own tokens are believed
        told["authorization"] = f"Bearer {own_token(request.app.state)}"
    return _summary(await notary.make(told))


@router.get("", responses=documents(CheckpointsBroken))
async def list_checkpoints(
    request: Request, page: PageQuery, permit: Permit
) -> Page[CheckpointSummary]:
    """Give the checkpoints in their order, once their row is found whole."""
    found = await asyncio.to_thread(_kept(request).all)
    shown = [_summary(each) for each in found[page.after_number :][: page.limit + 1]]
    return Page.of(shown, page.limit, lambda each: str(each.number))


@router.get("/latest", responses=documents(CheckpointsBroken))
async def read_latest_checkpoint(request: Request) -> LatestCheckpoint:
    """Give number and digest of the newest checkpoint, for anybody to note down."""
    kept = _kept(request)
    found = await asyncio.to_thread(kept.all)
    if not found:
        return LatestCheckpoint(number=None, made_at=None, digest=None, keys=[])
    newest, published = found[-1], kept.published()["keys"]
    told = {"number": newest.number, "made_at": newest.made_at, "digest": newest.digest}
    return LatestCheckpoint(**told, keys=published)


@router.get("/{number}", responses=documents(NoSuchCheckpoint, CheckpointsBroken))
async def read_checkpoint(
    request: Request, number: Annotated[int, Path(ge=1, le=10**8 - 1)], permit: Permit
) -> WholeCheckpoint:
    """Give a checkpoint with how far each journal had come, and its signed text."""
    # How many entries there are tells a competitor what others did, and one jurisdiction of others.
    permit.require_no_realm()
    permit.require({UNAFFILIATED} if permit.caller.organisation is None else ())
    kept = _kept(request)
    found = await asyncio.to_thread(kept.all)
    if number > len(found):
        en = f"There is no checkpoint {number}; there are {len(found)}."
        raise NoSuchCheckpoint(en, f"没有第{number}个检查点，现有{len(found)}个。")
    each = found[number - 1]
    chains = [
        ReachedChain(journal=part, chain=mark.chain, seq=mark.seq, hash=mark.hash)
        for part, marks in sorted(each.heads.items())
        for mark in marks
    ]
    signed = kept.signed(number)
    return WholeCheckpoint(**_summary(each).model_dump(), chains=chains, signed=signed)


def _kept(request: Request) -> Checkpoints:
    notary: Notary = request.app.state.notary
    return notary.kept


def _summary(each: Checkpoint) -> CheckpointSummary:
    return CheckpointSummary(
        number=each.number,
        kind=each.kind,
        made_at=each.made_at,
        digest=each.digest,
        previous=each.previous,
        missing=list(each.missing),
        restored=list(each.of),
        back_to=each.back_to,
        reason=each.reason,
        by=list(each.by),
    )
