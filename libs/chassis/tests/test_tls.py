"""TLS between parts and to the database: nobody is believed who cannot show it, and none speaks
plainly where it is set."""

import asyncio
import ssl
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn

from chassis import certificates, peers
from chassis.connections import Connections
from chassis.service import engine_for
from chassis.serving import configuration
from chassis.settings import Settings
from chassis.tls import Tls, TlsMisconfigured
from service_testing import AUTHORISATION

HOST, YEAR = "127.0.0.1", timedelta(days=365)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Certificates of an authority, of another, of a host by another name, and expired ones."""
    found = {name: tmp_path_factory.mktemp(name) for name in ("ours", "others", "named", "expired")}
    certificates.make(found["ours"], [HOST], YEAR)
    certificates.make(found["others"], [HOST], YEAR)
    for name, host, life in (("named", "scoring", YEAR), ("expired", HOST, timedelta(seconds=-1))):
        for file in ("ca.pem", "ca.key"):
            (found[name] / file).write_bytes((found["ours"] / file).read_bytes())
        certificates.make(found[name], [host], life)
    return found


def of(folder, host=HOST, **more):
    return Tls(folder / "ca.pem", folder / f"{host}.pem", folder / f"{host}.key", **more)


async def answering(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["scheme"].encode()})


@asynccontextmanager
async def served(monkeypatch, files):
    """Serve as every part is served, by the settings that every part reads; give the port."""
    told = {"TLS_CA": files.ca, "TLS_CERTIFICATE": files.certificate, "TLS_KEY": files.key}
    for name, value in {**told, "TLS_CLIENTS": files.clients}.items():
        monkeypatch.setenv(name, str(value))
    config = configuration(answering, port=0)
    config.lifespan = "off"
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server._serve())
    while not server.started:
        assert not task.done(), task.exception()
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def asked(port, secure, scheme="https"):
    connections = Connections(f"{scheme}://{HOST}:{port}", secure=secure)
    connection = await connections.asked("GET", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    try:
        return await connection.read()
    finally:
        connections.give_back(connection)
        connections.close()


async def test_a_part_is_believed_by_its_own_authority_name_and_time_alone(folders, monkeypatch):
    """Planted bugs: names are not checked; the authorities of the machine are believed as well."""
    secure = of(folders["ours"]).asking()
    async with served(monkeypatch, of(folders["ours"])) as port:
        assert await asked(port, secure) == b"https"
        async with peers.Client(f"https://{HOST}:{port}", None, secure) as client:
            assert (await client.read("/", {})).content == b"https"
            assert (await client.get("/")).content == b"https"
        with pytest.raises(ssl.SSLCertVerificationError):
            await asked(port, of(folders["others"]).asking())
        with pytest.raises(ssl.SSLCertVerificationError):
            await asked(port, None)
        async with peers.Client(f"https://{HOST}:{port}") as client:
            with pytest.raises(httpx.ConnectError, match="SSLCertVerificationError"):
                await client.read("/", {})
    for wrong, host in (("others", HOST), ("named", "scoring"), ("expired", HOST)):
        async with served(monkeypatch, of(folders[wrong], host)) as port:
            with pytest.raises(ssl.SSLCertVerificationError):
                await asked(port, secure)


async def test_where_tls_is_spoken_nothing_plain_is_answered(folders, monkeypatch):
    """Planted bug: the server is set up without its certificate."""
    async with served(monkeypatch, of(folders["ours"])) as port:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b"HTTP" not in await reader.read()
        writer.close()


async def test_a_service_answers_nobody_who_shows_no_certificate(folders, monkeypatch):
    """Planted bug: a certificate is asked for and not required."""
    async with served(monkeypatch, of(folders["ours"], clients="certified")) as port:
        assert await asked(port, of(folders["ours"]).asking()) == b"https"
        stranger = of(folders["ours"])._replace(certificate=None, key=None).asking()
        other = of(folders["others"])._replace(ca=folders["ours"] / "ca.pem").asking()
        for secure in (stranger, other):
            with pytest.raises(Exception):  # noqa: B017, PT011 - at the handshake or the first read
                await asked(port, secure)


async def test_what_a_service_reads_in_small_letters_it_serves_by(folders, monkeypatch):
    """Planted bug: the server reads names in capitals alone, and speaks plainly where a service
    was told, and has checked, its certificate."""
    for name in ("TLS_CA", "TLS_CERTIFICATE", "TLS_KEY", "TLS_CLIENTS"):
        monkeypatch.delenv(name, raising=False)
    files = of(folders["ours"], database_ca=folders["ours"] / "ca.pem")
    for name, value in files._asdict().items():
        monkeypatch.setenv("database_ca" if name == "database_ca" else f"Tls_{name}", str(value))
    assert (
        Tls.of_environment()
        == files
        == Settings(authorisation_file=AUTHORISATION, service="x", database_url="x").tls
    )


async def test_an_address_in_capitals_is_asked_with_tls_too(folders, monkeypatch):
    async with served(monkeypatch, of(folders["ours"])) as port:
        assert await asked(port, of(folders["ours"]).asking(), "HTTPS") == b"https"


async def test_a_handshake_is_waited_for_as_long_as_an_answer_before_a_part_is_silent(
    folders, monkeypatch
):
    """Planted bugs: a part that computes for two seconds is silent where TLS is set, and only
    there; whoever waits for a long answer loses it, and whoever comes finds nobody."""
    monkeypatch.setattr("chassis.connections._CONNECT_SECONDS", 0.3)
    async with served(monkeypatch, of(folders["ours"])) as port:
        held = []

        async def relay(reader, writer):
            while piece := await reader.read(65_536):
                writer.write(piece)
            writer.close()

        async def slowly(reader, writer):
            await asyncio.sleep(0.8)
            there, back = await asyncio.open_connection(HOST, port)
            held.append(asyncio.gather(relay(reader, back), relay(there, writer)))

        server = await asyncio.start_server(slowly, HOST)
        busy = server.sockets[0].getsockname()[1]
        secure = of(folders["ours"]).asking()
        connections = Connections(f"https://{HOST}:{busy}", secure=secure, silence=5.0)
        assert await connections._answers(HOST)
        made, _ = await connections.take()
        made.close()
        connections.close()
        server.close()
        await asyncio.wait_for(asyncio.gather(*held, return_exceptions=True), 5)


CONTRADICTIONS = {
    "no key": (lambda f: f._replace(key=None), {}, "together"),
    "no certificate": (lambda f: f._replace(certificate=None), {}, "together"),
    "no authority": (lambda f: f._replace(ca=None), {}, "needs TLS_CA"),
    "certified without": (
        lambda f: Tls(f.ca, clients="certified"), {}, "TLS_CLIENTS=certified needs",
    ),
    "the door is plain": (lambda f: f, {"gateway_url": "http://gateway:8000"}, "GATEWAY_URL is"),
    "the door is plain in capitals": (
        lambda f: f, {"gateway_url": "HTTP://gateway:8000"}, "GATEWAY_URL is",
    ),
    "keys are read plainly": (lambda f: f, {"jwks_url": "http://idp/jwks"}, "JWKS_URL is"),
    "no such file": (lambda f: f._replace(ca=Path("/none")), {}, "TLS_CA: /none"),
    "no certificate in it": (lambda f: f._replace(certificate=f.key), {}, "cannot be read"),
    "the key of another": (lambda f: f._replace(key=f.ca.with_suffix(".key")), {}, "is of another"),
    "a database without": (
        lambda f: f._replace(database_ca=f.ca), {"database_url": "?ssl=disable"}, "ssl=disable",
    ),
    "a database not held": (
        lambda f: f._replace(database_ca=f.ca), {"database_url": "?ssl=require"}, "ssl=require",
    ),
}  # fmt: skip


def settings(files, **more):
    at = "postgresql+asyncpg://a:b@127.0.0.1:1/c"
    told = {"database_url": at, "authorisation_file": AUTHORISATION, "gateway_url": "https://g"}
    names = {"tls_ca": files.ca, "tls_certificate": files.certificate, "tls_key": files.key}
    names |= {"tls_clients": files.clients, "database_ca": files.database_ca}
    if "database_url" in more:
        more["database_url"] = at + more["database_url"]
    return Settings.model_validate({**told, **names, **more})


@pytest.mark.parametrize("how", CONTRADICTIONS)
def test_settings_that_contradict_are_refused_by_name_in_both_languages(folders, how):
    """Planted bug: a setting that is left alone is passed over."""
    from chassis.service import create_service

    change, more, said = CONTRADICTIONS[how]
    create_service("lending", settings(of(folders["ours"])), [])
    with pytest.raises(TlsMisconfigured, match=said) as refused:
        create_service("lending", settings(change(of(folders["ours"])), **more), [])
    assert any("\u4e00" <= each <= "\u9fff" for each in str(refused.value))


def test_an_expired_certificate_of_our_own_is_refused_at_the_start(folders):
    from chassis.service import create_service

    with pytest.raises(TlsMisconfigured, match=r"expired on .*已于"):
        create_service("lending", settings(of(folders["expired"])), [])


def test_what_is_there_stays_until_it_is_renewed_and_the_authority_stays(tmp_path):
    """Planted bug: each run draws another authority, which nobody believes yet."""
    [made] = certificates.make(tmp_path, [HOST], YEAR)
    before, authority = made.read_bytes(), (tmp_path / "ca.pem").read_bytes()
    assert certificates.make(tmp_path, [HOST], YEAR) == []
    assert certificates.make(tmp_path, [HOST, "scoring"], YEAR) == [tmp_path / "scoring.pem"]
    assert certificates.make(tmp_path, [HOST], YEAR, renew=True) == [made]
    assert made.read_bytes() != before
    certificates.make(tmp_path, ["soon"], timedelta(days=29))
    assert certificates.make(tmp_path, ["soon"], YEAR) == [tmp_path / "soon.pem"]
    assert (tmp_path / "ca.pem").read_bytes() == authority
    assert (tmp_path / f"{HOST}.key").stat().st_mode & 0o077 == 0
    of(tmp_path).require("postgresql://", {})


@asynccontextmanager
async def in_front(url, context):
    """Stand before a database as it would itself: answer its request for TLS and speak it."""
    to = url.rpartition("@")[2].partition("/")[0].partition(":")
    spoken = []

    async def relay(reader, writer):
        asked_for = await reader.readexactly(8)
        spoken.append(asked_for[4:] == (80877103).to_bytes(4, "big"))
        if not spoken[-1] or context is None:
            writer.write(b"N")
            writer.close()
            return
        writer.write(b"S")
        await writer.drain()
        try:
            await writer.start_tls(context)
        except (ssl.SSLError, ConnectionError):
            writer.close()
            return
        inner, out = await asyncio.open_connection(to[0], int(to[2]))
        await asyncio.gather(pumped(reader, out), pumped(inner, writer))

    server = await asyncio.start_server(relay, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1], spoken
    finally:
        server.close()


async def pumped(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except (OSError, ssl.SSLError):
        pass
    finally:
        writer.close()


async def one(at, files):
    engine = engine_for(
        settings(files, gateway_url="https://g").model_copy(update={"database_url": at})
    )
    try:
        async with engine.connect() as db:
            return (await db.exec_driver_sql("SELECT 1")).scalar_one()
    finally:
        await engine.dispose()


async def test_a_database_is_asked_with_tls_and_believed_by_name_or_not_at_all(folders, databases):
    """Planted bug: TLS is asked for and its refusal passed over, as `prefer` does."""
    url = databases("gateway").app
    files = of(folders["ours"])._replace(database_ca=folders["ours"] / "ca.pem")
    for name, host in (("ours", HOST), ("others", HOST), ("named", "scoring"), ("expired", HOST)):
        async with in_front(url, of(folders[name], host).serving()) as (port, spoken):
            at = url.replace(f":{url.rpartition(':')[2].partition('/')[0]}/", f":{port}/")
            if name == "ours":
                assert await one(at, files) == 1
            else:
                with pytest.raises(ssl.SSLCertVerificationError):
                    await one(at, files)
            assert spoken
            assert all(spoken)
    async with in_front(url, None) as (port, spoken):
        at = url.replace(f":{url.rpartition(':')[2].partition('/')[0]}/", f":{port}/")
        with pytest.raises(ConnectionError, match="rejected SSL"):
            await one(at, files)
        assert spoken == [True]
