"""Where signed messages are taken and answered: verified before anything is done, then archived.

A message is in the archive before it is passed on, and its answer before it leaves: whoever was
answered can show what was asked and what was said. An answer that could not be archived is not
given; the message can be sent again, with the same Idempotency-Key, signed anew.
"""

import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.types import Message as Part
from starlette.types import Scope, Send

from chassis import journal
from chassis.db import unavailable
from chassis.identity import Caller
from chassis.refusals import Forbidden, TooManyRequests
from gateway.bounded_cache import Remembered
from gateway.keys import KeyRing
from gateway.messages import signatures
from gateway.messages.keys import Jwks
from gateway.messages.signatures import Answer, Message, NotVerified
from gateway.messages.tables import AnsweredMessageRow, ReceivedMessageRow

CHAIN = "messages"
LARGEST = 10_000_000
"""The most bytes of a message's body; packed, a file of half a million rows is no larger."""
MOST_HELD = 2
"""How many messages of an account are held whole at one time, to be verified."""
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class MessageNotSigned(Forbidden):
    """The account signs its messages, and this one has no signature that holds."""

    zh = "该账户的报文须签名，而本次签名缺失或无效。"
    remedy = (
        "Sign method, path, query, `Idempotency-Key` and `Content-Digest` with a key of the "
        "account that is in effect, at most five minutes before (RFC 9421).",
        "请用该账户有效的报文密钥，对方法、路径、查询、`Idempotency-Key` 和 `Content-Digest` 签名，"
        "签名时间不得早于五分钟之前。",
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was verified and archived."""

    message_id: uuid.UUID
    caller: Caller
    key_id: str
    message: Message
    keeps_bodies: bool


class Desk:
    """Verifies and archives the commands of accounts that have a key, and signs the answers."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        keys: Remembered[str, Jwks],
        ring: KeyRing,
        signed_routes: frozenset[str] = frozenset(),
    ) -> None:
        self._sessions = sessions
        self._keys = keys
        self._ring = ring
        self._signed_routes = signed_routes
        self._held = Counter[str]()

    async def concerns(self, caller: Caller | None, method: str, route: str = "") -> bool:
        """Say whether a request has to be signed: a command of an account that has a key, or of
        anybody by a route whose commands are to be."""
        if caller is None or method in _READS:
            return False
        return route in self._signed_routes or bool(await self._keys.of(caller.subject))

    @contextmanager
    def place(self, caller: Caller, named: Mapping[bytes, bytes]) -> Iterator[None]:
        """Give an account one of its places while a message is held whole; refuse what is not
        signed at all before anything of its body is read."""
        if b"signature" not in named or b"signature-input" not in named:
            raise MessageNotSigned("There is no signature.", "没有签名。")
        if self._held[caller.subject] >= MOST_HELD:
            refusal = TooManyRequests(
                f"{MOST_HELD} messages of this account are being taken.",
                f"该账户已有{MOST_HELD}份报文正在接收。",
            )
            refusal.headers = {"Retry-After": "2"}
            raise refusal
        self._held[caller.subject] += 1
        try:
            yield
        finally:
            self._held[caller.subject] -= 1
            if not self._held[caller.subject]:
                del self._held[caller.subject]

    async def take(self, caller: Caller, scope: Scope, body: bytes, *, keeps_bodies: bool) -> Taken:
        """Verify a message and put it into the archive; refuse one that is not signed as it must.

        Of what may hold a secret only digests are kept (`keeps_bodies` is false).
        """
        message = _message(scope)
        try:
            known = await self._keys.of(caller.subject)
            now = signatures.moment(time.time())
            signed = signatures.verified(message, body, known, now)
        except NotVerified as error:
            raise MessageNotSigned(error.en, error.zh) from error
        taken = Taken(uuid.uuid4(), caller, signed.key_id, message, keeps_bodies)
        values = {
            "message_id": taken.message_id,
            "subject": caller.subject,
            "key_id": signed.key_id,
            "method": message.method,
            "target": message.url,
            "headers": signed.headers,
            "body": body if keeps_bodies else None,
        }
        await self._keep(insert(ReceivedMessageRow).values(values))
        return taken

    async def _keep(self, statement: Any) -> None:  # noqa: ANN401 - a statement
        try:
            async with self._sessions.begin() as db:
                await db.execute(statement)
        except Exception as error:
            raise unavailable(error) or error from error

    async def answer(
        self, taken: Taken, status: int, headers: dict[str, str], body: bytes
    ) -> dict[str, str]:
        """Sign an answer, put it into the archive, and return the headers of its signature."""
        now = signatures.moment(time.time())
        answer = Answer(status, taken.message, dict(headers))
        more = signatures.signed(answer, body, self._ring.newest(), now)
        receipt = _receipt_in(body)
        kept = {name: headers[name] for name in ("content-type",) if name in headers} | more
        values = {
            "message_id": taken.message_id,
            "status": status,
            "headers": kept,
            "body": body if taken.keeps_bodies else None,
            "receipt": receipt,
        }
        told = {
            "message_id": str(taken.message_id),
            "key_id": taken.key_id,
            "status": status,
            "asked": taken.message.headers["signature"],
            "answered": more["signature"],
            "receipt": receipt,
        }
        event = "gateway.message-archived"
        try:
            async with self._sessions.begin() as db:
                await db.execute(insert(AnsweredMessageRow).values(values))
                by = taken.caller
                await journal.record(db, chain=CHAIN, caller=by, event=event, body=told)
        except Exception as error:
            raise unavailable(error) or error from error
        return more | {"kaoping-message": str(taken.message_id)}


class Signing:
    """Holds an answer back until it is whole, then sends it with its signature."""

    def __init__(self, desk: Desk, taken: Taken, send: Send) -> None:
        self._desk = desk
        self._taken = taken
        self._send = send
        self._head: Part | None = None
        self._pieces: list[bytes] = []
        self._failed = False

    async def __call__(self, part: Part) -> None:
        """Take a part of the answer; where the whole cannot be archived, only that is said."""
        if self._failed:
            return await self._send(part)
        if part["type"] == "http.response.start":
            self._head = part
            self._pieces.clear()  # of an answer that broke off, and is a refusal now
            return None
        self._pieces.append(part.get("body", b""))
        if part.get("more_body", False) or self._head is None:
            return None
        await self._finish(self._head, b"".join(self._pieces))
        return None

    async def _finish(self, head: Part, body: bytes) -> None:
        given = [(name.lower(), value) for name, value in head["headers"]]
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in given}
        try:
            more = await self._desk.answer(self._taken, head["status"], named, body)
        except BaseException:
            self._failed = True
            raise
        kept = [pair for pair in given if pair[0] != b"content-length"]
        kept += [(name.encode(), value.encode("latin-1")) for name, value in more.items()]
        kept.append((b"content-length", b"%d" % len(body)))
        await self._send({**head, "headers": kept})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _message(scope: Scope) -> Message:
    """Return a request as its signature sees it. Who terminates TLS before us may have been asked
    for by another name, so that the host is not what a signature has to cover."""
    fields = dict[str, str]()
    for name, value in scope["headers"]:
        at, told = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        fields[at] = f"{fields[at]}, {told}" if at in fields else told
    path = quote(scope["raw_path"], safe="/%:@!$&'()*+,;=-._~")
    query = scope["query_string"].decode("latin-1")
    url = f"https://{fields.get('host', 'kaoping')}{path}" + (f"?{query}" if query else "")
    return Message(scope["method"], url, fields)


def _receipt_in(body: bytes) -> str | None:
    try:
        told = orjson.loads(body)["receipt"]["hash"]
    except (ValueError, TypeError, KeyError):
        return None
    return told if isinstance(told, str) else None
