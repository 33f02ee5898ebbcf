"""What one service asks of another, shown on prices of books, over a transport that answers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from chassis import peers
from chassis.identity import NotSignedIn
from chassis.intake import decode
from chassis.peers import (
    Asked,
    Compute,
    Document,
    MaybeDocument,
    Peer,
    PeerConnection,
    PeerDown,
    PeerMissing,
    PeerRefused,
    PeerRejected,
    Read,
    View,
)
from chassis.refusals import TooManyRequests
from chassis.wire import Exact


class NewOffer(Asked):
    """What an offer is wanted for."""

    books: list[str]
    discount: Exact | None


class Offer(View):
    """What the books would cost, in yuan."""

    price: Exact


class Shop(Peer):
    offer = Compute("/api/v1/customers/{customer}/offers", NewOffer, Offer)


ASKED = NewOffer(books=["B1"], discount="0.10")


async def offer(answer: Callable[[httpx.Request], httpx.Response], asked: NewOffer = ASKED):
    bound = peers.authorization.set("Bearer of-the-caller")
    try:
        async with peers.Client("http://gateway:8000", httpx.MockTransport(answer)) as client:
            return await Shop(PeerConnection(client)).offer(asked, customer="li")
    finally:
        peers.authorization.reset(bound)


async def test_what_is_sent_is_exact_and_carries_the_token_but_no_key():
    """Planted bug: let the JSON encoder make a float of the decimal, or drop the event hook."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"price": "12.3400", "more": 1})

    assert str((await offer(answer)).price) == "12.3400"
    [request] = seen
    assert (request.method, request.url.path) == ("POST", "/api/v1/customers/li/offers")
    assert json.loads(request.content) == {"books": ["B1"], "discount": "0.10"}
    assert request.headers["authorization"] == "Bearer of-the-caller"
    assert request.headers["content-type"] == "application/json"
    assert "idempotency-key" not in request.headers


class NewAppraisal(Asked):
    """A list of somebody's books, as they wrote it."""

    shelf: Document
    wishes: MaybeDocument
    discount: Exact


class Appraiser(Peer):
    appraise = Compute("/api/v1/appraisals", NewAppraisal, Offer)


async def test_a_document_is_passed_on_as_it_came():
    """Planted bug: write its numbers as texts, which whoever reads it there takes for texts."""
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200, json={"price": "1"})

    shelf = '{"书":[0.10,1E+2,"0.10",true,null,123456789012345678901234567890,-7]}'.encode()
    async with peers.Client("http://gateway:8000", httpx.MockTransport(answer)) as client:
        for wishes in (None, decode(shelf)):
            asked = NewAppraisal(shelf=decode(shelf), wishes=wishes, discount="0.10")
            await Appraiser(PeerConnection(client)).appraise(asked)
    for body, wishes in zip(sent, (b"null", shelf), strict=True):
        assert b'"shelf":' + shelf in body
        assert b'"wishes":' + wishes in body
        assert b'"discount":"0.10"' in body


async def test_the_pass_of_a_request_goes_to_our_own_door_and_nowhere_else():
    """Planted bug: show it to whoever publishes the keys."""
    seen = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen[request.url.host] = request.headers
        return httpx.Response(200, json={})

    bound = peers.door_pass.set("p-7")
    async with peers.Client("http://gateway:8000", httpx.MockTransport(answer)) as client:
        await client.get("/api/v1/branches")
        await client.get("http://elsewhere/keys")
    peers.door_pass.reset(bound)
    assert seen["gateway"]["x-door-pass"] == "p-7"
    assert "x-door-pass" not in seen["elsewhere"]
    assert seen["gateway"]["accept-encoding"] == "identity"


async def test_it_is_computed_anew_each_time():
    """Planted bug: remember the answer by its ETag, as that of a read."""
    prices = iter(["1", "2"])

    def answer(request: httpx.Request) -> httpx.Response:
        assert "if-none-match" not in request.headers
        return httpx.Response(200, json={"price": next(prices)}, headers={"etag": '"v1"'})

    async with peers.Client("http://gateway:8000", httpx.MockTransport(answer)) as client:
        shop = Shop(PeerConnection(client))
        found = [await shop.offer(ASKED, customer="li") for _ in range(2)]
    assert [str(one.price) for one in found] == ["1", "2"]


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(401, NotSignedIn), (403, PeerRefused), (404, PeerMissing), (409, PeerDown), (500, PeerDown)],
)
async def test_what_the_other_side_answers_becomes_our_own_refusal(status, refusal):
    with pytest.raises(refusal):
        await offer(lambda _: httpx.Response(status, json={}))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("7", "7"), ("0", "1"), (None, "2"), ("Wed, 21 Oct 2025 07:28:00 GMT", "2"), ("9" * 30, "2")],
)
async def test_whose_question_comes_too_often_is_told_for_how_long_to_wait(told, seconds):
    """Planted bug: answer that the other service is down, as though somebody had to mend it."""
    headers = {} if told is None else {"Retry-After": told}
    with pytest.raises(TooManyRequests) as refused:
        await offer(lambda _: httpx.Response(429, headers=headers, json={}))
    assert refused.value.headers == {"Retry-After": seconds}
    assert refused.value.status == 429


@pytest.mark.parametrize("body", [b"", b"[]", b'{"cost": "1"}', b'{"price": "NaN"}'])
async def test_an_answer_that_lacks_what_we_need_is_no_answer(body):
    with pytest.raises(PeerDown):
        await offer(lambda _: httpx.Response(200, content=body))


async def test_a_line_that_breaks_is_a_peer_that_is_down():
    def breaks(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    with pytest.raises(PeerDown):
        await offer(breaks)


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_the_faults_of_what_was_sent_come_back_in_both_languages(status):
    """Planted bug: answer 503 for what the caller can put right."""
    words = {"en": ("Refused.", "No such book."), "zh": ("被拒绝。", "没有这本书。")}

    def answer(request: httpx.Request) -> httpx.Response:
        title, detail = words[request.headers["accept-language"]]
        error = {"pointer": "/books/0", "code": "unknown-book", "detail": detail}
        problem = {"type": "x", "title": title, "detail": "B1", "errors": [error]}
        return httpx.Response(status, json=problem)

    with pytest.raises(PeerRejected) as caught:
        await offer(answer)
    assert (caught.value.detail_en, caught.value.detail_zh) == ("Refused. B1", "被拒绝。 B1")
    [fault] = caught.value.faults
    assert (fault.pointer, fault.code) == ("/books/0", "unknown-book")
    assert (fault.en, fault.zh) == ("No such book.", "没有这本书。")


async def test_a_refusal_that_cannot_be_read_is_a_peer_that_is_down():
    with pytest.raises(PeerDown):
        await offer(lambda _: httpx.Response(422, content=b"<html>"))


class Shelf(Peer):
    price = Read("/api/v1/prices/{book}", Offer)


class Seller:
    """A peer whose price rises with each question, and who answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        price = f"{self.asked}.00"
        if request.headers["authorization"] == "Bearer nobody":
            return httpx.Response(403)
        await self.may_answer.wait()
        return httpx.Response(200, json={"price": price})


async def told(shelf: Shelf, token: str = "Bearer li") -> str:  # noqa: S107 - no secret
    bound = peers.authorization.set(token)
    try:
        return str((await shelf.price(book="B1")).price)
    except PeerRefused:
        return "refused"
    finally:
        peers.authorization.reset(bound)


async def test_who_asks_while_others_are_answered_is_told_what_was_asked_after():
    """Planted bugs: give the answer that is under way; ask once for each of them."""
    seller = Seller()
    async with peers.Client("http://gateway:8000", httpx.MockTransport(seller)) as client:
        shelf = Shelf(PeerConnection(client))
        first = asyncio.create_task(told(shelf))
        await asyncio.sleep(0.01)
        later = [asyncio.create_task(told(shelf)) for _ in range(5)]
        await asyncio.sleep(0.01)
        later[0].cancel()  # who goes away takes nobody else's answer along
        seller.may_answer.set()
        assert await first == "1.00"
        assert [await each for each in later[1:]] == ["2.00"] * 4
    assert seller.asked == 2


async def test_an_answer_is_shared_with_nobody_who_has_another_token():
    """Planted bug: leave the token out of what is asked together."""
    seller = Seller()
    async with peers.Client("http://gateway:8000", httpx.MockTransport(seller)) as client:
        shelf = Shelf(PeerConnection(client))
        first = asyncio.create_task(told(shelf))
        await asyncio.sleep(0.01)
        assert await told(shelf, "Bearer nobody") == "refused"
        seller.may_answer.set()
        assert await first == "1.00"


@asynccontextmanager
async def raw_door(*answers: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve raw connections, each request with the next answer; an empty one is no answer."""
    heard, left = list[bytes](), list(answers)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while left:
            with suppress(asyncio.IncompleteReadError):
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
                heard.append(head + await reader.readexactly(int(length or 0)))
                if answer := left.pop(0):
                    writer.write(answer)
                    continue
            break
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


PRICE = b'HTTP/1.1 200 OK\r\ncontent-length: 16\r\netag: "1"\r\n\r\n{"price":"1.00"}'


async def test_a_read_that_met_a_closing_connection_is_sent_again():
    """Planted bug: never send again; a neighbour that closes what is idle fails readers."""
    async with raw_door(PRICE, b"", PRICE) as (url, heard), peers.Client(url) as client:
        shelf = Shelf(PeerConnection(client))
        assert [await told(shelf) for _ in range(2)] == ["1.00", "1.00"]
    assert [each.split(b"\r\n")[0] for each in heard] == [b"GET /api/v1/prices/B1 HTTP/1.1"] * 3
    assert b"authorization: bearer li" in heard[0].lower()
    assert b'if-none-match: "1"' in heard[2].lower()


async def test_what_is_computed_is_sent_once():
    """Planted bug: send a POST again that met a closing connection."""
    async with raw_door(PRICE, b"", PRICE) as (url, heard), peers.Client(url) as client:
        shop = Shop(PeerConnection(client))
        assert str((await shop.offer(ASKED, customer="li")).price) == "1.00"
        with pytest.raises(PeerDown):
            await shop.offer(ASKED, customer="li")
    assert len(heard) == 2
    assert heard[0].endswith(b'"discount":"0.10"}')


async def test_a_door_that_is_closed_or_speaks_something_else_is_down():
    """Planted bug: let an error of the connection through; it would be our own failure."""
    async with raw_door(b"220 mail\r\n") as (url, _), peers.Client(url) as client:
        with pytest.raises(PeerDown):
            await told(Shelf(PeerConnection(client)))
    async with peers.Client(url) as client:
        with pytest.raises(PeerDown):
            await told(Shelf(PeerConnection(client)))


class Price(View):
    """What a book costs."""

    price: Exact


class Prices(Peer):
    book = Read("/books/{book}", Price)


async def test_what_was_not_asked_for_longest_makes_room_for_others(monkeypatch):
    """Planted bugs: what came first goes, however often it is asked for; documents are counted, and
    not their bytes."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        if "if-none-match" in request.headers:
            return httpx.Response(304)
        seen.append(request.url.path)
        return httpx.Response(200, json={"price": "1", "x": "x" * 400}, headers={"etag": '"v1"'})

    monkeypatch.setattr(peers, "_KEPT_BYTES", 1000)  # room for two
    async with peers.Client("http://gateway:8000", httpx.MockTransport(answer)) as client:
        prices = Prices(PeerConnection(client))
        for book in ("A", "B", "A", "C", "A", "B"):
            await prices.book(book=book)
    assert seen == [f"/books/{book}" for book in "ABCB"]
