"""The survey service is killed, or its caller goes, within a file of answers: nothing of it is
there, and the same request again stores it once."""

import os
import signal
import socket
import threading
import time
import uuid
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
from tests.system.harness import in_five_processes
from tests.system.phone_survey import CODES, UNITS, City, city

from service_testing import trials

ROWS = trials(usual=40_000, thorough=200_000)


@pytest.fixture(scope="module")
def place():
    with in_five_processes() as running, city(running) as found:
        found.post(found.at(1, "opening"))
        yield found


def content(number: int) -> bytes:
    names = ",".join(
        ["unit", "respondent_token", "outcome", *(f"answers.q{n}" for n in range(1, 6))]
    )
    units, words = [*UNITS], [*CODES.values()]
    rows = (
        ",".join([units[n % 11], f"respondent-{number}-x{n:x}x", "completed", *[words[n % 5]] * 5])
        for n in range(ROWS)
    )
    return "\n".join([names, *rows]).encode()


def hand_in(place: City, number: int, key: str, body: bytes) -> httpx.Response:
    path = f"/api/v1{place.at(1, 'files')}?batch_no=F{number}"
    headers = {"Content-Type": "text/csv", "Idempotency-Key": key}
    return place.doors["centre"].post(path, content=body, headers=headers, timeout=120)


def completed(place: City) -> int:
    """How many interviews there are, once the service answers again."""
    for _ in range(100):
        answer = place.doors["office"].get(f"/api/v1/cycles/{place.cycle}/survey-progress")
        if answer.status_code == 200:
            [wave] = [each for each in answer.json()["waves"] if each["wave"] == 1]
            return int(wave["completed"])
        time.sleep(0.2)
    raise AssertionError(answer.text)


@pytest.mark.prove
@pytest.mark.parametrize("after", [0.1, 0.4, 0.8])
def test_a_service_that_is_killed_within_a_file_has_nothing_of_it(place, after):
    """Planted bug: rows are committed piece by piece."""
    before, number = completed(place), int(after * 10)
    body, key, answers = content(number), uuid.uuid4().hex, []

    def send() -> None:
        with suppress(httpx.HTTPError):
            answers.append(hand_in(place, number, key, body))

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(after)
    os.kill(place.running.system.pids["survey"], signal.SIGKILL)
    sender.join()
    # All of it, where it was killed between the commit and its answer.
    assert completed(place) in (before, before + ROWS)
    for _ in range(100):
        answer = hand_in(place, number, key, body)
        if answer.status_code not in (409, 502, 503, 504):
            break
        time.sleep(0.3)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["stored"], completed(place)) == (ROWS, before + ROWS)
    again = hand_in(place, number, key, body)
    assert (again.status_code, again.json()) == (201, answer.json())
    assert completed(place) == before + ROWS


def test_a_caller_who_goes_within_a_file_leaves_nothing(place):
    """Planted bug: what has come of a file is taken for all of it."""
    before, body, key = completed(place), content(99), uuid.uuid4().hex
    at = urlsplit(place.running.url)
    bearer = place.doors["centre"].headers["Authorization"]
    head = (
        f"POST /api/v1{place.at(1, 'files')}?batch_no=F99 HTTP/1.1\r\nHost: {at.netloc}\r\n"
        f"Authorization: {bearer}\r\nContent-Type: text/csv\r\nIdempotency-Key: {key}\r\n"
    )
    for length in (f"Content-Length: {len(body)}", "Transfer-Encoding: chunked"):
        with socket.create_connection((at.hostname, at.port)) as caller:
            half = body[: body.rindex(b"\n", 0, len(body) // 2) + 1]
            if "chunked" in length:
                half = b"%x\r\n%b\r\n" % (len(half), half)
            caller.sendall(f"{head}{length}\r\n\r\n".encode() + half)
            time.sleep(0.3)
        assert completed(place) == before
    answer = hand_in(place, 99, key, body)
    assert answer.status_code == 201, answer.text
    assert completed(place) == before + ROWS
