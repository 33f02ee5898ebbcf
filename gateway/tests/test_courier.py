"""One message to a receiver that may be anything: what is connected to, and what is read of it."""

import asyncio
import datetime as dt
import ssl
import threading
import time
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.rules.destinations import Destination
from gateway.webhooks.courier import MOST_BYTES, Courier

HERE = (ip_network("127.0.0.0/8"),)
NAME = "push.example.gov.cn"
TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


class Receiver:
    """A server that answers whatever it is told to; `asked` is what it was sent."""

    def __init__(self, answer):
        self.answer, self.reader = answer, None
        self.asked, self.connections, self.sent = b"", 0, 0

    async def __call__(self, reader, writer):
        self.connections, self.reader = self.connections + 1, reader
        try:
            self.asked = await reader.readuntil(b"\r\n\r\n")
            self.asked += await reader.read(65_536)
            await self.answer(self, writer) if callable(self.answer) else writer.write(self.answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(answer, secure=None):
    receiver = Receiver(answer)
    server = await asyncio.start_server(receiver, "127.0.0.1", 0, ssl=secure)
    try:
        yield receiver, server.sockets[0].getsockname()[1]
    finally:
        server.close()


def to(port, host=NAME, scheme="http"):
    return Destination(scheme, host, port, "/take?x=1")


def resolving(*answers):
    """Resolve every name to the first of these numbers, then to the next one, and so on."""
    left = list(answers)

    async def resolve(name, port):
        found = left.pop(0) if len(left) > 1 else left[0]
        return found if isinstance(found, list) else [found]

    return resolve


async def sent(to, answers=("127.0.0.1",), networks=HERE, seconds=5.0, **more):
    courier = Courier(networks, seconds, resolve=resolving(*answers), **more)
    try:
        return await courier.send(to, {"webhook-id": "1"}, b"{}")
    finally:
        courier.close()


async def test_a_message_arrives_under_the_name_and_says_what_came_of_it():
    async with receiving(TAKEN) as (receiver, port):
        answer = await sent(to(port))
    assert (answer.status, answer.reason, answer.is_taken) == (204, None, True)
    head, _, body = receiver.asked.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[:2] == ["POST /take?x=1 HTTP/1.1", f"host: {NAME}:{port}"]
    assert "webhook-id: 1" in lines
    assert body == b"{}"


async def test_nothing_is_connected_to_where_any_number_of_a_name_may_not_be_called():
    """Planted bug: the first number alone is judged, and a later one connected to."""
    async with receiving(TAKEN) as (receiver, port):
        for found in (["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], ["::1"]):
            answer = await sent(to(port), (found,), networks=())
            assert (answer.status, answer.reason) == (None, "address-not-allowed")
    assert receiver.connections == 0


async def test_a_name_that_is_answered_otherwise_the_second_time_changes_nothing():
    """Planted bug: what is connected to is the name, which is resolved once more."""
    async with receiving(TAKEN) as (receiver, port):
        answer = await sent(to(port), (["127.0.0.1"], ["127.0.0.2"]), networks=HERE)
        assert answer.is_taken
        first = ip_network("127.0.0.1/32")
        courier = Courier((first,), 5.0, resolve=resolving("127.0.0.1", "127.0.0.2"))
        assert (await courier.send(to(port), {}, b"{}")).is_taken
        again = await courier.send(to(port), {}, b"{}")
        assert again.reason == "address-not-allowed"
        courier.close()
    assert receiver.connections == 2


async def test_a_redirect_is_not_followed():
    """Planted bug: 3xx counts as taken, or its location is asked."""
    async with receiving(TAKEN) as (inner, other):
        moved = f"HTTP/1.1 307 X\r\nlocation: http://127.0.0.1:{other}/\r\n\r\n".encode()
        async with receiving(moved) as (_, port):
            answer = await sent(to(port))
    assert (answer.status, answer.reason, inner.connections) == (307, "redirected", 0)


async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    """Planted bug: a client that trusts the environment."""
    async with receiving(TAKEN) as (proxy, other), receiving(TAKEN) as (receiver, port):
        for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{other}")
        assert (await sent(to(port))).is_taken
    assert (proxy.connections, receiver.connections) == (0, 1)


async def for_ever(receiver, writer):
    await receiver.reader.read()  # until the other side closes


def endless(head):
    async def answer(receiver, writer):
        writer.write(head)
        while receiver.sent < 1_000_000_000:
            writer.write(b"x" * 65_536)
            await writer.drain()
            receiver.sent += 65_536

    return answer


async def closes(receiver, writer):
    writer.transport.abort()


HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n"
ODD = {
    "never": (for_ever, None, "no-answer-in-time"),
    "a gigabyte": (endless(HEAD), 200, None),
    "a header without end": (endless(b"HTTP/1.1 200 OK\r\nx: "), None, "answer-not-understood"),
    "a trailer without end": (
        endless(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: "), 200, None,
    ),
    "provisional": (endless(b"HTTP/1.1 100 C\r\n\r\n" * 2000), None, "answer-not-understood"),
    "closes": (closes, None, "answer-not-understood"),
    "no HTTP": (b"220 ESMTP\r\n", None, "answer-not-understood"),
    "no": (b"HTTP/1.1 500 X\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n", 500, "refused"),
    "gone": (b"HTTP/1.1 410 X\r\ncontent-length: 0\r\n\r\n", 410, "refused"),
    "switches": (
        b"HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", None,
        "answer-not-understood",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
async def test_a_receiver_may_answer_anything(kind):
    """Planted bug: the bytes of a header or trailer without an end are not counted."""
    answer, status, reason = ODD[kind]
    async with receiving(answer) as (receiver, port):
        began = time.monotonic()
        told = await sent(to(port), seconds=0.5)
        assert time.monotonic() - began < 4
    assert (told.status, told.reason) == (status, reason)
    assert told.wait == (7 if kind == "no" else 0)
    # What the sockets hold on the way is the machine's; of a gigabyte hardly any leaves.
    assert receiver.sent < 20_000_000
    assert MOST_BYTES < 65_536


async def test_a_host_that_is_not_there_is_said_so():
    async def unknown(name, port):
        raise OSError

    courier = Courier(HERE, 1.0, resolve=unknown)
    assert (await courier.send(to(80), {}, b"")).reason == "host-unknown"
    courier.close()
    async with receiving(TAKEN) as (_, port):
        pass
    assert (await sent(to(port))).reason == "not-connected"


def authority(directory):
    """Make an authority, and a server's certificate for `NAME`; return both as files."""
    day, now = dt.timedelta(days=1), dt.datetime.now(dt.UTC)

    def certificate(subject, key, issuer, by, *extensions):
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
        made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - day).not_valid_after(now + day)
        for each, critical in extensions:
            made = made.add_extension(each, critical)
        return made.sign(by, hashes.SHA256())

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    top, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    identifier = x509.SubjectKeyIdentifier.from_public_key(top.public_key())
    known = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = certificate(
        name("root"), top, name("root"), top,
        (x509.BasicConstraints(ca=True, path_length=None), True), (usage, True),
        (identifier, False),
    )  # fmt: skip
    leaf = certificate(
        name("leaf"), own, name("root"), top,
        (x509.SubjectAlternativeName([x509.DNSName(NAME)]), False), (known, False),
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    key = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (directory / "root.pem").write_bytes(root.public_bytes(pem))
    (directory / "leaf.pem").write_bytes(leaf.public_bytes(pem) + key)
    return directory / "root.pem", directory / "leaf.pem"


async def test_an_encrypted_receiver_shows_the_name_that_was_meant(tmp_path):
    """Planted bugs: the number that is connected to is given as the server's name; certificates
    are not verified."""
    root, leaf = authority(tmp_path)
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(leaf)
    asked = []
    secure.sni_callback = lambda _, name, __: asked.append(name)
    async with receiving(TAKEN, secure) as (_, port):
        assert (await sent(to(port, scheme="https"), authorities=root)).is_taken
        other = await sent(to(port, "other.example.gov.cn", "https"), authorities=root)
        stranger = await sent(to(port, scheme="https"))
        plain = await sent(to(port), seconds=0.5)
    assert asked[:2] == [NAME, "other.example.gov.cn"]
    assert [each.reason for each in (other, stranger)] == ["certificate-refused"] * 2
    assert not plain.is_taken


async def test_a_name_that_hangs_takes_one_thread_and_a_number_none(monkeypatch):
    """Planted bugs: a thread for each delivery; numbers are looked up as well."""
    held, asked = threading.Event(), []

    def hangs(name, port, **_):
        asked.append(name)
        held.wait(10)
        raise OSError

    monkeypatch.setattr("gateway.webhooks.courier.socket.getaddrinfo", hangs)
    courier = Courier(HERE, 1.0)
    try:
        async with receiving(TAKEN) as (_, port):
            hanging = [courier.send(to(port, "hang.example.gov.cn"), {}, b"{}") for _ in range(40)]
            here = courier.send(to(port, "127.0.0.1"), {}, b"{}")
            *told, number = await asyncio.gather(*hanging, here)
    finally:
        held.set()
        courier.close()
    assert {each.reason for each in told} == {"no-answer-in-time"}
    assert (number.status, number.reason, asked) == (204, None, ["hang.example.gov.cn"])
