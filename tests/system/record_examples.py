"""Plays the reference city's year and keeps one real request and answer of each operation.

`python -m tests.system.record_examples` writes them for the API document. Lists are cut to two
items, secrets are not kept, and ids and moments are counted instead of kept as they fell.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

import httpx
import yaml
from tests.contracts.publish import ROOT, whole_document
from tests.system.asked_besides import Sent, WiderYear, ask_afterwards

from chassis.modes import CHECK
from gateway.rules.merging import METHODS
from kaoping.city import plan_of, read_city
from kaoping.client import Client
from kaoping.people import People
from kaoping.steps import Steps
from kaoping.system import System

KEPT = ROOT / "gateway" / "src" / "gateway" / "examples.json"
WORDS = ROOT / "gateway" / "src" / "gateway" / "words"
"""The bodies of `examples.yaml` are what is sent: what is shown has been done."""
_LONGEST_TEXT = 500
LARGEST = 8_000
"""Bytes of an example; what is longer is cut to one item of each list, or left out."""
_SECRET = re.compile(r"^(access_token|secret|client_secret|password)$")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[0-9.]*(?:Z|\+\d\d:\d\d)")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")

Json = dict[str, Any]


class Recorder(httpx.HTTPTransport):
    """Carries requests as always, and keeps the first of each operation that was done."""

    def __init__(self, document: Json, said: Sent) -> None:
        super().__init__()
        self.said = said
        self.kept: dict[str, Json] = {}
        self.checks: dict[str, Json] = {}
        self.known = {
            "unit": "XQ01",
            "indicator": "C01",
            "category": "COUNTY",
            "version": "1",
            "release": "1",
        }
        self.receipts: dict[str, Json] = {}
        self._routes = list(_routes(document))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry it and keep what was said."""
        answer = super().handle_request(request)
        answer.read()
        self._keep(request, answer)
        return answer

    def _keep(self, request: httpx.Request, answer: httpx.Response) -> None:
        asked = (
            (name, found)
            for method, pattern, name in self._routes
            if method == request.method and (found := pattern.fullmatch(request.url.path))
        )
        name, found = next(asked, ("", None))
        if found is None or answer.status_code not in (200, 201):
            return
        self.known = found.groupdict() | self.known
        if "json" in answer.headers.get("content-type", ""):
            told = {"status": str(answer.status_code), "answer": answer.json()}
            self._note(told["answer"])
            body = request.read()
            if name not in self.said and "json" in request.headers.get("content-type", "") and body:
                told["body"] = json.loads(body)
            if request.url.params.get("mode") == CHECK and name != "seal_ledger":
                self.checks.setdefault(name, told["answer"])
                return
            # A list that has something shows more than one that was empty when it was first read.
            if not self.kept.get(name, {"answer": {}})["answer"].get("items", name in self.kept):
                self.kept[name] = told

    def _note(self, answer: Json) -> None:
        """Note by what others can be read: receipts, and the ids of rows."""
        if receipt := answer.get("receipt"):
            self.receipts.setdefault(receipt["journal"], receipt)
        for row in answer.get("rows", ()):
            self.known.setdefault("entry_id", row.get("entry_id"))


def _routes(document: Json) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Yield method, path and name of each operation, fixed paths before those with parameters."""
    for path in sorted(document["paths"], key=lambda each: each.count("{")):
        pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))
        for method, operation in document["paths"][path].items():
            if method in METHODS:
                yield method.upper(), pattern, operation["operationId"]


def record() -> dict[str, Json]:
    """Return what was said to and by each operation in a city's year."""
    document = whole_document()
    written = yaml.safe_load((WORDS / "examples.yaml").read_text("utf-8"))["examples"]
    said = {name: told["body"] for name, told in written.items() if "body" in told}
    recorder = Recorder(document, said)
    with System.temporary(postgres={"fsync": "off"}) as system:

        def client(credentials: Any) -> Client:
            return Client(system.gateway_url, credentials, transport=recorder, language="zh")

        with client(system.card.administrator) as administrator:
            people = People(administrator, client)
            with people:
                city = plan_of(read_city(ROOT / "examples" / "yunchuan-2025"))
                asking = {"sent": said, "administrator": administrator, "open_client": client}
                year = WiderYear(city, people, Steps(), **asking)
                year.play()
                httpx.Client(transport=recorder).get(f"{system.gateway_url}/.well-known/jwks.json")
                with ask_afterwards(year) as auditor:
                    readers = [people["performance-office"], administrator, auditor]
                    _read_all(document, recorder, readers)
    for name, told in recorder.checks.items():
        recorder.kept[name]["checked"] = told
    left = sorted(name for name in recorder.kept if "answer" not in written.get(name, {}))
    return {name: _small(recorder.kept[name]) for name in left}


def _read_all(document: Json, recorder: Recorder, readers: list[Client]) -> None:
    """Read every document that the year has and that it did not read itself."""
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        names = re.findall(r"\{(\w+)\}", path)
        journal = re.search(r"/journals/(\w+)/", path)
        known = recorder.known | (recorder.receipts.get(journal[1], {}) if journal else {})
        if all(each in known for each in names):
            asked = path.format(**known).removeprefix("/api/v1")
            for reader in readers:
                try:
                    reader.get(asked)
                    break
                except Exception:  # noqa: S112 - whoever may not read it does not
                    continue


def _small(told: Json) -> Json:
    for longest in (2, 1):
        made = {k: _cut(v, longest) if k != "status" else v for k, v in told.items()}
        made = {k: v for k, v in made.items() if len(json.dumps(v, ensure_ascii=False)) < LARGEST}
        if len(made) == len(told):
            break
    return _counted(made)


def _cut(node: Any, longest: int) -> Any:
    if isinstance(node, list):
        return [_cut(each, longest) for each in node[:longest]]
    if isinstance(node, str) and len(node) > _LONGEST_TEXT:
        return node[:_LONGEST_TEXT] + "…"
    if not isinstance(node, dict):
        return node
    if any(" " in key for key in node):  # by what is said in it, as what it is in Chinese
        node = dict(islice(node.items(), 2))
    return {
        key: "…" if isinstance(value, str) and _SECRET.search(key)
        else _cut(value, longest)
        for key, value in node.items()
    }  # fmt: skip


def _counted(told: Json) -> Json:
    """Number the ids, the digests and the moments of an example, so that two recordings agree."""
    text = json.dumps(told, ensure_ascii=False)
    ids, digests = count(1), count(1)
    seen: dict[str, str] = {}

    def id_of(found: re.Match[str]) -> str:
        if found[0] not in seen:
            seen[found[0]] = f"00000000-0000-4000-8000-{next(ids):012}"
        return seen[found[0]]

    def digest_of(found: re.Match[str]) -> str:
        if found[0] not in seen:
            seen[found[0]] = f"{next(digests):064x}"
        return seen[found[0]]

    text = _DIGEST.sub(digest_of, _ID.sub(id_of, text))
    made: Json = json.loads(_MOMENT.sub("2026-01-05T09:00:00Z", text))
    return made


if __name__ == "__main__":
    examples = record()
    lines = (f"{json.dumps(n)}: {json.dumps(e, ensure_ascii=False)}" for n, e in examples.items())
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(f"{len(examples)} operations, {Counter('body' in e for e in examples.values())}")  # noqa: T201
