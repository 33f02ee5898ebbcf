"""The whole system over TLS, in processes of its own: certificates are renewed while it is used."""

import os
import signal
import socket
import ssl
import time
from datetime import timedelta
from threading import Event, Thread

import httpx
import pytest
from tests.system.harness import Prepared

from chassis import certificates
from kaoping.client import Client
from kaoping.people import People, Person
from kaoping.system import NAMES

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("tls")
    certificates.make(found, [HOST], timedelta(days=90))
    return found


@pytest.fixture(scope="module")
def system(folder):
    with Prepared.temporary(tls=folder) as running:
        yield running


@pytest.fixture
def office(system, folder, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
    with Client(system.gateway_url, system.administrator) as administrator:
        made = lambda credentials: Client(system.gateway_url, credentials)  # noqa: E731
        with People(administrator, made) as people:
            people.invite([Person("office", "绩效办", ("performance_office",), None)])
            yield people["office"]


def replaced(system, name):
    """End a process as an operator does, and wait until another serves."""
    before = system.pids[name]
    os.kill(before, signal.SIGTERM)
    deadline = time.monotonic() + 60
    while system.pids.get(name) in (None, before):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def serial(url):
    address = tuple(url.rpartition("/")[2].split(":"))
    return ssl.get_server_certificate((address[0], int(address[1])))


def test_certificates_are_renewed_part_by_part_and_nothing_is_lost(system, folder, office):
    """Planted bugs: the authority is drawn anew with the certificates; a part that was replaced
    serves what it read before. Units are registered all the while, each once."""
    over, registered, failed = Event(), [], []

    def register():
        while not over.is_set():
            code = f"U{len(registered) + 1:04d}"
            unit = {"code": code, "name": f"单位{code}", "kind": "assessed"}
            try:
                office.post("/units", {"units": [{**unit, "valid_from": "2020-01-01"}]})
            except Exception as error:  # it is told by the test, in its own thread
                failed.append(error)
                return
            registered.append(code)

    before = {name: serial(system.processes.urls[name]) for name in ("gateway",)}
    thread = Thread(target=register)
    thread.start()
    try:
        certificates.make(folder, [HOST], timedelta(days=90), renew=True)
        for name in ("indicators", "gateway", "scoring", "survey", "ranking"):
            replaced(system, name)
        number = len(registered)
        deadline = time.monotonic() + 60
        while len(registered) < number + 3 and not failed:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        over.set()
        thread.join()
    assert failed == []
    assert serial(system.processes.urls["gateway"]) != before["gateway"]
    found = [each["code"] for each in office.pages("/units")]
    assert sorted(found) == registered


def test_nobody_is_answered_without_tls_and_services_answer_no_stranger(system, folder):
    """Planted bugs: services take any caller; a part listens plainly beside."""
    secure = ssl.create_default_context(cafile=folder / "ca.pem")
    door = httpx.get(f"{system.gateway_url}/health/ready", verify=secure)
    assert door.status_code == 204
    for name in NAMES:
        url = system.processes.urls[name]
        host, port = url.removeprefix("https://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as plain:
            plain.sendall(b"GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n")
            assert b"HTTP/" not in plain.recv(4096)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/health/ready")  # by the authorities of the machine
        if name != "gateway":
            with pytest.raises((httpx.ReadError, httpx.ConnectError, httpx.RemoteProtocolError)):
                httpx.get(f"{url}/health/ready", verify=secure)
