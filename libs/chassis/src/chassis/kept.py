"""Documents kept as they were answered, for as long as the rows that they tell of are the same.

To read, check and write a large document takes a hundred times as long as to find out that it is
the one of before. That is asked with every request, by one statement: how far the journal has come,
and which versions of rows there are. A row that is changed, also behind the journal, is another
version of it. What is kept is one process's own and holds no right: who may read, and what of it,
is decided before, and is part of the key.

Who comes again with the tag of what he has is answered before a request is made of his message, by
`KnownReads`: his token is verified and the same one statement asked, and nothing else is done.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from starlette.types import Scope, Send

from chassis.authorisation import Permission
from chassis.db import driver_of, one_row
from chassis.identity import Caller, Verifier, bearer_of
from chassis.refusals import Refusal

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_BYTES = 32 << 20
"""How many bytes of documents one process keeps."""

Build = Callable[[AsyncSession], Awaitable[BaseModel | bytes]]


class KeptDocument(NamedTuple):
    """A document as bytes with its ETag, and the versions of the rows that it was made of."""

    versions: tuple[Any, ...]
    body: bytes
    etag: str


class BoundedBytes(Generic[K, V]):
    """A cache of values by key, bounded by their bytes; the longest unused value goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return what is kept under a key, or None."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def keep(self, key: K, value: V, size: int) -> None:
        """Keep a value of so many bytes in the place of an earlier one; drop what was not asked for
        longest."""
        _, former = self._kept.pop(key, (None, 0))
        self._kept[key] = value, size
        self._bytes += size - former
        while self._bytes > self._most:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= dropped


HEAD = "(SELECT seq FROM journal_head WHERE home = journal_home({0}) AND chain = {0})"
"""How far the journal has come in a chain: part of a question."""

# A row that is changed gets a transaction number higher than all before, so number, sum and maximum
# tell any change; no column of the rows themselves is read.
VERSIONS = (
    "(SELECT (count(*), max(t.xmin::text::bigint), sum(t.xmin::text::bigint))::text"
    ' FROM "{}" t WHERE {})'
)
"""Which versions there are of the rows `t` of a table that meet a condition: part of a question."""


@cache
def versions_of(*tables: str) -> str:
    """Return the statement that asks for the versions of a chain's rows in some tables."""
    told = [VERSIONS.format(table, "t.cycle_id = $1") for table in tables]
    position = "(SELECT seq FROM journal_head WHERE home = $1 AND chain = $1::uuid::text)"
    return f"SELECT {', '.join([position, *told])}"


async def kept_document(
    request: Request,
    permit: Permission,
    key: Hashable,
    question: str,
    chain: object,
    build: Build,
) -> Response:
    """Return a whole document with its ETag, or 304 when the caller has it already.

    A caller whose right has a condition has documents of its own.
    `build` makes it in a snapshot, checked, as a model or as JSON, or refuses; it is asked only
    where the answer to the `question` (`versions_of`) is another than when the document was made
    that is kept under `key`. An endpoint that asks other services, too, has them among its
    parameters: without any, what it answers is told again by `KnownReads`.
    """
    state = request.app.state
    documents: BoundedBytes[Hashable, KeptDocument] = state.documents
    caller = permit.caller if permit.is_conditional else None
    key = (request.scope["route"].path, key, caller)
    kept = documents.get(key)
    if kept is None or kept.versions != await one_row(state.looks, question, chain):
        async with state.readings() as db:
            # In the snapshot that the document is made in, and not from before it.
            versions = tuple((await (await driver_of(db)).fetchrow(question, chain)).values())
            made = await build(db)
            body = made if isinstance(made, bytes) else made.model_dump_json().encode()
        kept = KeptDocument(versions, body, etag_of(body))
        # Whether a condition holds has been asked by now: what is kept for this caller alone stands
        # for the answer as well.
        permit.settle()
        documents.keep(key, kept, len(body))
    answer = _answer(kept.body, kept.etag, request)
    request.state.kept_read = KeptRead(key, question, chain, request.scope["route"], answer)
    return answer


class KeptRead(NamedTuple):
    """A read that a kept document answers: under which key it is kept, and by which question it is
    found to be the one of before."""

    key: Hashable
    question: str
    chain: object
    route: APIRoute
    answer: Response | None = None


_TAG = b"if-none-match"
_KNOWN_READS = 4096
_AND_MORE = frozenset(
    {b"if-match", b"if-unmodified-since", b"content-length", b"transfer-encoding"}
)
"""What a read is refused for, or read with: it goes the usual way."""


class KnownReads:
    """Which documents were asked for at which address and by whom, so that who has one is told at
    once that it is still the one.

    Remembered is only what was answered in the usual way, and only of routes whose answer follows
    from address, caller and rows: an equal caller is let through there again. Nothing is said for
    longer than its rows are the same, and nobody is let in by what is remembered of a token.
    """

    def __init__(
        self,
        documents: BoundedBytes[Hashable, KeptDocument],
        looks: AsyncEngine,
        verifier: Verifier,
    ) -> None:
        self._documents = documents
        self._looks = looks
        self._verifier = verifier
        self._known = BoundedBytes[tuple[str, bytes, Caller], KeptRead](_KNOWN_READS)

    def remember(self, request: Request, caller: Caller, read: KeptRead) -> None:
        """Note by which document a read was answered."""
        address = request.scope["path"], request.scope["query_string"], caller
        self._known.keep(address, read._replace(answer=None), 1)

    async def answered(self, scope: Scope, headers: dict[bytes, bytes], send: Send) -> bool:
        """Tell a caller who has a document that it is still the one; say whether that was so."""
        read = await self._known_read(scope, headers)
        kept = None if read is None else self._documents.get(read.key)
        if read is None or kept is None or kept.etag.encode() != headers[_TAG]:
            return False
        if kept.versions != await one_row(self._looks, read.question, read.chain):
            return False
        scope["route"] = read.route
        pairs = [(b"etag", headers[_TAG]), (b"cache-control", _CACHING.encode())]
        await send({"type": "http.response.start", "status": 304, "headers": pairs})
        await send({"type": "http.response.body"})
        return True

    async def _known_read(self, scope: Scope, headers: dict[bytes, bytes]) -> KeptRead | None:
        """Return what a caller who has a document read before at this address, as he asks now."""
        is_repeated = len(headers) != len(scope["headers"])
        if _TAG not in headers or is_repeated or not _AND_MORE.isdisjoint(headers):
            return None
        token = bearer_of(headers.get(b"authorization", b"").decode("latin-1"))
        if token is None or scope["method"] != "GET":
            return None
        try:
            caller = await self._verifier.caller(token)
        except Refusal:  # it is given in the usual way
            return None
        return self._known.get((scope["path"], scope["query_string"], caller))


def document(model: BaseModel, request: Request) -> Response:
    """Return a whole document with its ETag, or 304 when the caller has it already.

    The endpoint declares `response_model=`, so that the published contract shows the shape.
    """
    return document_of(model.model_dump_json().encode(), request)


def document_of(body: bytes, request: Request) -> Response:
    """Return a whole document that is JSON already, with its ETag, or 304."""
    return _answer(body, etag_of(body), request)


def etag_of(body: bytes) -> str:
    """Return the ETag of a document."""
    return f'"{hashlib.sha256(body).hexdigest()}"'


_CACHING = "private, no-cache"


def _answer(body: bytes, etag: str, request: Request) -> Response:
    headers = {"ETag": etag, "Cache-Control": _CACHING}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
