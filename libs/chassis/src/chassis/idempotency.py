"""A command sent twice under one `Idempotency-Key` is done once and answered alike.

The key is kept in the transaction of the command itself, so that there is no moment at which
the command is done and its key is not known. Keys belong to the caller: the same key of
another caller is another key. A second use with another body is refused (422), one that comes
while the first is still at work too (409, at once: blocking would starve the pool).
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from fastapi import Header, Request, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import personal
from chassis.identity import Caller
from chassis.refusals import Conflict, Invalid

HEADER = "Idempotency-Key"

_KEY = re.compile(r'"?([\x21\x23-\x7e]{8,200})"?')

DeclaredKey = Annotated[
    str | None,
    Header(
        alias=HEADER,
        description="Any text of your choice for this command, 8 to 200 visible characters; "
        "send the same one again when you retry.",
        json_schema_extra={
            "x-wanted": {"type": "string", "pattern": "^[!-~]+$", "minLength": 8, "maxLength": 200}
        },
    ),
]
"""The header as the published document shows it. It is read and refused by `key_of`: FastAPI
would answer for a missing one with another status and in other words."""

keys = sa.table(
    "idempotency_key",
    sa.column("caller", sa.Text),
    sa.column("key", sa.Text),
    sa.column("fingerprint", sa.LargeBinary),
    sa.column("status", sa.Integer),
    sa.column("media_type", sa.Text),
    sa.column("body", sa.LargeBinary),
)


class IdempotencyKeyMissing(Invalid):
    """A command needs an Idempotency-Key of 8 to 200 visible ASCII characters."""

    zh = "写操作必须携带 8 到 200 个可见 ASCII 字符的 `Idempotency-Key`。"
    remedy = (
        "Send a header `Idempotency-Key` with a new random text for every new command, and the "
        "same one when you repeat it.",
        "请在请求头 `Idempotency-Key` 中为每个新命令给出新的随机文本，重发同一命令时保持不变。",
    )
    status = 400


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key was used before for another request."""

    zh = "该 `Idempotency-Key` 已用于另一个不同的请求。"
    remedy = (
        "Send a new command with a new key; repeat an old one exactly as it was.",
        "新命令请用新的键；重发旧命令时内容须与原来完全相同。",
    )


class StillAtWork(Conflict):
    """A request with this Idempotency-Key is still at work."""

    zh = "同一 `Idempotency-Key` 的请求仍在处理中。"
    remedy = (
        "Wait as many seconds as `Retry-After` says and send the same request again: it then "
        "gets the answer of the first.",
        "请按 `Retry-After` 所示秒数等待后重发同一请求，届时得到首次请求的应答。",
    )
    headers = {"Retry-After": "1"}  # noqa: RUF012 - never written to


REPLAYED = b"idempotent-replay", b"true"
"""The header that an answer of before is given with, as servers are told of headers."""


class Replay(Exception):
    """The command was done before; `response` is what was answered then."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


_KNOWN, _AT_WORK = "KP001", "KP002"

CLAIM = f"""
    CREATE OR REPLACE FUNCTION idempotency_claim(the_caller text, the_key text) RETURNS void
    LANGUAGE plpgsql SET enable_seqscan = off AS $$
    DECLARE
      hashed bytea := sha256(convert_to(the_caller || E'\\n' || the_key, 'UTF8'));
    BEGIN
      -- Of a hash for which nobody finds a key that stands in another's way.
      IF NOT pg_try_advisory_xact_lock(
        ('x' || left(encode(hashed, 'hex'), 16))::bit(64)::bigint)
      THEN
        RAISE EXCEPTION 'still at work' USING ERRCODE = '{_AT_WORK}';
      END IF;
      PERFORM FROM public.idempotency_key k WHERE k.caller = the_caller AND k.key = the_key;
      IF FOUND THEN
        RAISE EXCEPTION 'answered before' USING ERRCODE = '{_KNOWN}';
      END IF;
    END $$
    """
"""Claims a key for a transaction, or breaks the transaction off: an error can be raised by the
message that opens it, so that a new command waits for no answer of its own."""


def sql_bytes(value: bytes) -> str:
    """Return bytes as SQL, for a message that takes no parameters."""
    return f"'\\x{value.hex()}'::bytea"


def sql_text(value: str) -> str:
    """Return a text as SQL that nothing in it can end, for a message that takes no parameters."""
    # Texts out of bytes come with a collation of their own, for which there is no index.
    return f"""(convert_from({sql_bytes(value.encode())}, 'UTF8') COLLATE "default")"""


@dataclass(frozen=True, slots=True)
class Blank:
    """A part of an answer that is known only when its command is committed.

    `mark` are the bytes that stand for it, `source` the SQL of the one row that says it, `value`
    the SQL of the text that it becomes.
    """

    mark: bytes
    source: str
    value: str

    def filled(self, body: bytes) -> str:
        """Return SQL of the body with the part filled in; it may also not be there."""
        before, *after = body.split(self.mark)
        if len(after) > 1:
            raise RuntimeError("an answer shows twice what is known only when it is committed")
        text = f"convert_to({self.value}, 'UTF8')"
        return " || ".join([sql_bytes(before), *(f"{text} || {sql_bytes(a)}" for a in after)])


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key of one caller, with the fingerprint of what was sent under it."""

    caller: str
    key: str
    fingerprint: bytes

    @property
    def claim(self) -> str:
        """The statement that claims the key for a transaction that begins."""
        return f"SELECT idempotency_claim({sql_text(self.caller)}, {sql_text(self.key)});"

    def keep(self, response: Response, blank: Blank | None = None) -> str:
        """Return the statement that keeps what was answered, for the command's transaction.

        What the answer leaves `blank` is filled in by the statement itself.
        """
        media_type = response.headers.get("content-type", "application/json")
        body, source = sql_bytes(bytes(response.body)), ""
        if blank is not None:
            body, source = blank.filled(bytes(response.body)), f" FROM {blank.source}"
        values = (
            sql_text(self.caller),
            sql_text(self.key),
            sql_bytes(self.fingerprint),
            str(response.status_code),
            sql_text(media_type),
            body,
        )
        names = "caller, key, fingerprint, status, media_type, body"
        return f"INSERT INTO idempotency_key ({names}) SELECT {', '.join(values)}{source};"

    @property
    def kept(self) -> tuple[str, str, str]:
        """The question for the body that was kept, with its parameters."""
        question = "SELECT body FROM idempotency_key WHERE caller = $1 AND key = $2"
        return question, self.caller, self.key

    async def refusal(self, db: AsyncSession, error: Exception) -> Exception | None:
        """Return what a caller gets whose key could not be claimed; None for any other error."""
        state = state_of(error)
        if state == _AT_WORK:
            return StillAtWork("Ask again in a second.", "请一秒后再试。")
        if state != _KNOWN:
            return None
        known = (
            await db.execute(
                sa.select(keys).where(keys.c.caller == self.caller, keys.c.key == self.key)
            )
        ).one()
        if known.fingerprint != self.fingerprint:
            return IdempotencyKeyReused(
                "Use a new key for a new request.", "新的请求请使用新的 `Idempotency-Key`。"
            )
        return Replay(
            Response(known.body, known.status, {"Idempotent-Replay": "true"}, known.media_type)
        )


def is_unclaimed(error: Exception) -> bool:
    """Say whether an error is that a key could not be claimed."""
    return state_of(error) in (_KNOWN, _AT_WORK)


def state_of(error: Exception) -> str:
    """Return the SQLSTATE of an error of the database, as any of the layers raises it."""
    error = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return getattr(error, "sqlstate", None) or ""


def told_by(caller: Caller) -> bytes:
    """Return what of a caller belongs to the fingerprint of a request.

    An answer was given to an account as it was. With other roles, for another organisation, or by a
    token of another scope, it might be refused today: it is not repeated, and the command is not
    done again either.
    """
    limited = [] if caller.scope is None else [f"scope {caller.scope}"]
    limited += [] if caller.realm is None else [f"realm {caller.realm}"]
    as_now = (caller.person, caller.organisation or "", *sorted(caller.roles), *limited)
    return "\0".join(as_now).encode() + b"\0\0"


async def key_of(request: Request, caller: Caller) -> Key:
    """Return the key of a request; raise `IdempotencyKeyMissing` when there is no usable one."""
    given = _KEY.fullmatch(request.headers.get(HEADER, ""))
    # The key is stored beside the answer; it too leads to no person.
    if given is None or personal.find_any(given.group(1)) is not None:
        raise IdempotencyKeyMissing(
            "Send one, and the same one again when you retry.", "请携带该请求头；重试时保持不变。"
        )
    told = f"{request.method} {request.url.path}?{request.url.query}\0".encode()
    # Of a file the digest, which is known by now: it is never held whole.
    sent = getattr(request.state, "upload", None)
    told += await request.body() if sent is None else sent.digest
    fingerprint = hashlib.sha256(told_by(caller) + told).digest()
    return Key(caller.subject, given.group(1), fingerprint)
