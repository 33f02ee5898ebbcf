"""Hostile bodies, queries, paths, headers, formulas and schemes: each is refused, in bounds.

Whatever is sent, the answer is no failure of the system, is small, comes soon, is a problem
document in the language asked for where it is a refusal, and nothing is stored.
"""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Iterator
from copy import deepcopy
from itertools import count

import httpx
import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import Bridge, in_one_process

from chassis.wire import is_code
from kaoping.city import plan_of, read_city
from kaoping.people import People
from kaoping.plan import COLLEAGUE, OFFICE
from kaoping.steps import Steps
from kaoping.year import Year
from service_testing import trials

SOURCE = "ZH02"
LARGEST_ANSWER = 120_000
NUMBERS = count(1)
KEY = "0123456789abcdef"


class Target:
    """A city whose year has just begun, and what is sent to it."""

    def __init__(self, installation, people, year):
        self.installation = installation
        self.people = people
        self.year = year
        self.path = f"/api/v1{year.path}"
        self.scheme = json.loads(json.dumps(year.plan.scheme, default=str))
        self.category = self.scheme["categories"][0]
        self.units = self.category["units"]
        self.clients = {}
        for who in (OFFICE, COLLEAGUE, SOURCE, "administrator"):
            client = people._administrator if who == "administrator" else people[who]
            client.get("/me")
            self.clients[who] = client._token
        self.http = installation.raw()

    def send(self, method, path, body=b"", who=OFFICE, query=None, **headers):
        """Send one request and return its answer; header names are written with `_`."""
        given = {"Idempotency-Key": f"{KEY}-{next(NUMBERS)}"}
        if who is not None:
            given["Authorization"] = f"Bearer {self.clients[who]}"
        if body:
            given["Content-Type"] = "application/json"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in given.items() if value is not None}
        url = f"{path}?{query}" if query is not None else path
        return self.http.request(method, url, content=body or None, headers=given)

    def check(self, scheme, **more):
        return self.send("POST", f"{self.path}/scheme-checks", encoded({"scheme": scheme}), **more)


@pytest.fixture(scope="module")
def target(postgres, databases, tmp_path_factory) -> Iterator[Target]:
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys) as running, Steps() as steps:
        administrator = running.client(running.administrator)
        with administrator, People(administrator, running.client) as people:
            year = Year(plan_of(read_city(ROOT / "examples" / "yunchuan-2025")), people, steps)
            for step in (year.invite, year.register_units, year.publish_scheme):
                step(lambda _: None)
            yield Target(running, people, year)


@pytest.fixture(autouse=True)
def unchanged(target):
    """Nothing that is refused leaves anything behind, in any table."""
    before = target.installation.stored()
    yield
    assert target.installation.stored() == before


def encoded(value):
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def refused(name, answer, *statuses, zh=False):
    """Assert that an answer is a refusal as every refusal has to be."""
    what = f"{name!r}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code in (statuses or (400, 401, 403, 404, 405, 413, 415, 422)), what
    assert len(answer.content) <= LARGEST_ANSWER, what
    assert answer.headers["content-type"] == "application/problem+json", what
    problem = answer.json()
    assert problem["status"] == answer.status_code, what
    assert problem["title"], what
    assert answer.headers["content-language"] == ("zh" if zh else "en"), what
    is_chinese = any("\u4e00" <= c <= "\u9fff" for c in problem["title"])
    assert is_chinese == zh, what
    assert len(problem.get("errors", ())) <= 100, what
    for fault in problem.get("errors", ()):
        assert fault["pointer"] == "" or fault["pointer"].startswith("/"), what
        assert fault["code"], what
        assert fault["detail"], what
    assert not any(word in answer.text for word in ("Traceback", "asyncpg", "SELECT ", ".py")), what
    return problem


def soon(name, since, seconds):
    """Assert that an answer took no more of the processor, however busy the machine is."""
    spent = time.process_time() - since
    assert spent < seconds, f"{name!r} took {spent:.1f} s"


# --- bodies ---------------------------------------------------------------------------------------

WHOLE = b'{"scheme":%s}'


def bodies():
    """Name bodies that no reader of JSON may take."""
    deep = 33
    yield "nothing but blanks", b" \t\r\n" * 20_000
    yield "a blank that is none of JSON", b"\xc2\xa0{}"
    yield "a vertical tab", b"\x0b{}"
    yield "a form feed within", b'{"scheme":\x0c1}'
    for name, word in {
        "none": b"None",
        "true": b"True",
        "undefined": b"undefined",
        "plus": b"+1",
        "a leading point": b".5",
        "a trailing point": b"5.",
        "leading zeros": b"007",
        "hexadecimal": b"0x1F",
        "infinity": b"Infinity",
        "minus infinity": b"-Infinity",
        "not a number": b"NaN",
        "two minus": b"--1",
        "minus alone": b"-",
        "an empty exponent": b"1e",
        "an exponent of a point": b"1e.5",
        "underscores": b"1_000",
        "a comma": b"1,5",
        "full-width digits": "１２".encode(),
        "arabic digits": "١٢".encode(),
        "a long one": b"9" * 41,
        "a very long one": b"9" * 900_000,
        "many places": b"0." + b"1" * 40,
        "a huge exponent": b"1e999999999999",
        "a tiny one": b"1e-999999999999",
        "an exponent of zeros": b"1e" + b"0" * 50 + b"9",
        "just beyond": b"1e41",
        "below": b"1e-41",
        "minus beyond": b"-1E+41",
        "a zero far away": b"0e999999999",
        "an exponent longer than any": b"1e" + b"9" * 30,
    }.items():
        yield f"a number: {name}", WHOLE % word
    for name, text in {
        "half a pair": b"\\ud800",
        "the other half": b"\\udc00",
        "halves turned round": b"\\udc00\\ud800",
        "half a pair and a letter": b"\\ud83dx",
        "nul": b"\\u0000",
        "nul in the middle": b"a\\u0000b",
        "a raw nul": b"\x00",
        "a raw escape": b"\x1b",
        "a raw line end": b"\n",
        "a raw tab": b"\t",
        "an unknown escape": b"\\x41",
        "an octal": b"\\101",
        "a short escape": b"\\u12",
        "an escape of letters": b"\\uzzzz",
        "an escape with a sign": b"\\u+041",
        "full-width escape": "\\u００４１".encode(),
        "an escape at the end": b"\\",
        "surrogates in bytes": b"\xed\xa0\x80",
        "overlong": b"\xc0\xaf",
        "overlong nul": b"\xc0\x80",
        "beyond unicode": b"\xf4\x90\x80\x80",
        "cut short": b"\xe4\xb8",
        "latin": b"\xe9",
        "five bytes": b"\xf8\x88\x80\x80\x80",
    }.items():
        yield f"a string: {name}", b'{"scheme":"' + text + b'"}'
        yield f"a key: {name}", b'{"' + text + b'":1}'
    for name, body in {
        "an object left open": b"{",
        "an array left open": b"[",
        "a string left open": b'"',
        "a key left open": b'{"scheme',
        "a value left out": b'{"scheme":}',
        "a colon": b":",
        "two colons": b'{"a"::1}',
        "a comma at the end": b'{"scheme":1,}',
        "two commas": b'{"a":1,,"b":2}',
        "a comma first": b"{,}",
        "no quotes": b"{scheme:1}",
        "single quotes": b"{'scheme':1}",
        "a comment": b'{"a":1}// x',
        "a block comment": b'/* */{"a":1}',
        "two values": b"{}{}",
        "two lines": b"{}\n{}",
        "closed by another": b"[}",
        "closed twice": b"{}}",
        "closed before": b"}{",
        "a number as key": b"{1:2}",
        "an array as key": b"{[]:1}",
        "garbage behind": b"{}\x00",
        "a dot behind": b"{}.",
        "a word": b"null",
        "a text": b'"text"',
        "an empty list": b"[]",
        "a list of lists": b"[[]]",
        "a list of nulls": b"[null,null]",
        "a mark": b"\xef\xbb\xbf{}",
        "a mark within": b"{}\xef\xbb\xbf",
        "UTF-16": "{}".encode("utf-16"),
        "UTF-16 without a mark": '{"a":1}'.encode("utf-16-le"),
        "UTF-32": "{}".encode("utf-32"),
        "GBK": '{"scheme":"方案"}'.encode("gbk"),
        "GB18030": '{"方案":"一"}'.encode("gb18030"),
        "zip": b"PK\x03\x04" + b"\x00" * 100,
        "gzip": b"\x1f\x8b\x08" + b"\x00" * 100,
        "xml": b"<?xml version='1.0'?><a/>",
        "yaml": b"scheme: 1",
        "a form": b"scheme=1",
        "an array too deep": b'{"scheme":' + b"[" * deep + b"]" * deep + b"}",
        "objects too deep": b'{"a":' * deep + b"1" + b"}" * deep,
        "both in turns": b'[{"a":' * 17 + b"1" + b"}]" * 17,
        "open and open": b"[" * 900_000,
        "closed and closed": b"{" + b"}" * 900_000,
        "colons": b'{"a"' + b":" * 900_000,
        "quotes": b'"' * 900_001,
        "backslashes": b'{"a":"' + b"\\" * 900_001,
        "escaped quotes": b'{"a":"' + b'\\"' * 400_000,
        "keys that open": b'{"a":{' * 400,
        "20,001 items": b"[" + b"0," * 20_000 + b"0]",
        "2,001 keys": b"{" + b",".join(b'"%d":0' % n for n in range(2_001)) + b"}",
        "200,001 values": b"[" + b",".join([b"[" + b"0," * 9_999 + b"0]"] * 20) + b"]",
        "a key twice": b'{"scheme":1,"scheme":1}',
        "a key twice by escape": b'{"scheme":1,"sch\\u0065me":2}',
        "a key twice deep down": b'{"scheme":{"a":[{"b":1,"b":2}]}}',
        "an empty key twice": b'{"":1,"":2}',
    }.items():
        yield name, body


BODIES = dict(bodies())


def test_what_is_no_json_is_refused_in_both_languages(target):
    assert len(BODIES) > 120
    for number, (name, body) in enumerate(BODIES.items()):
        zh = number % 2 == 1
        since = time.process_time()
        answer = target.send(
            "POST", f"{target.path}/scheme-checks", body, Accept_Language="zh" if zh else "en"
        )
        refused(name, answer, 400, 422, zh=zh)
        soon(name, since, 2)


def test_what_is_json_but_no_scheme_is_refused(target):
    texts = {
        "a huge key": {"k" * 500_000: 1},
        "a deep pointer": {"scheme": {"~/" * 1_000: {"/" * 900: 1}}},
        "keys that look like pointers": {f"/{n}/~1~0": n for n in range(1_999)},
        "a key of marks": {"e" + "\u0301" * 5_000: 1},
        "a key from right to left": {"\u202e" * 100: 1},
        "keys that only look alike": {"scheme": 1, "ѕcheme": 1, "scheme\u200b": 1},
        "a text of marks": {"scheme": {"title": "e" + "\u0301" * 100_000}},
        "20,000 nulls": {"scheme": [None] * 20_000},
        "19,999 objects": {"scheme": [{}] * 19_999},
        "just deep enough": {"scheme": json.loads("[" * 30 + "]" * 30)},
        "2,000 unknown keys": {"scheme": {f"x{n}": n for n in range(2_000)}},
        "100 times 1,900 unknown keys": {
            "scheme": {"categories": [{f"x{n}": 0 for n in range(1_900)}] * 100}
        },
        "a class": {"scheme": {"__class__": "Scheme", "__proto__": {}, "constructor": 1}},
        "a reference": {"scheme": {"$ref": "file:///etc/passwd"}},
    }
    for name, document in texts.items():
        since = time.process_time()
        answer = target.send("POST", f"{target.path}/scheme-checks", encoded(document))
        refused(name, answer, 400, 422)
        soon(name, since, 4)


def test_a_body_is_plain_json_of_a_said_length_and_nothing_else(target):
    path, body = f"{target.path}/scheme-checks", b'{"scheme":{}}'
    headers = {
        "no type": {"Content_Type": ""},
        "text": {"Content_Type": "text/plain"},
        "a wrong tree": {"Content_Type": "application/vnd.api+json"},
        "text/json": {"Content_Type": "text/json"},
        "two types": {"Content_Type": "application/json, text/plain"},
        "multipart": {"Content_Type": "multipart/form-data; boundary=x"},
        "a long boundary": {"Content_Type": "multipart/form-data; boundary=" + "x" * 5_000},
        "a form": {"Content_Type": "application/x-www-form-urlencoded"},
        "a long type": {"Content_Type": "a" * 20_000 + "/json"},
        "gzip": {"Content_Encoding": "gzip"},
        "deflate": {"Content_Encoding": "deflate, gzip"},
        "brotli": {"Content_Encoding": "br"},
        "made up": {"Content_Encoding": "x-none"},
        "a length that lies": {"Content_Length": "99999999"},
        "a negative length": {"Content_Length": "-1"},
        "a length in hex": {"Content_Length": "0x10"},
        "a length with a sign": {"Content_Length": "+10"},
        "two lengths": {"Content_Length": "13, 14"},
        "a length of words": {"Content_Length": "many"},
        "a length beyond": {"Content_Length": "9" * 400},
    }
    for name, given in headers.items():
        refused(name, target.send("POST", path, body, **given), 400, 413, 415, 422)
    for size in (4_000_001, 9_999_999):
        refused(size, target.send("POST", path, b" " * size), 413)
    for name in ("units", "cycles", "me", "accounts"):
        refused(name, target.send("GET", f"/api/v1/{name}", b"{}"), 400, 403, 422)


FORMS = {
    "20,000 fields": "&".join(f"f{n}=1" for n in range(5_000)),
    "one field often": "username=a&" * 5_000,
    "names without values": "&".join(["grant_type"] * 5_000),
    "nothing but marks": "&" * 60_000,
    "signs of equality": "=" * 60_000,
    "percents": "%" * 60_000,
    "percents cut short": "grant_type=%2&username=%zz",
    "nul": "grant_type=password&username=%00&password=%00",
    "half a pair": "grant_type=password&username=%ED%A0%80&password=x",
    "latin": "grant_type=password&username=%E9&password=x",
    "a long name": f"grant_type=password&username={'a' * 50_000}&password=x",
    "a long secret": f"grant_type=password&username=a&password={'x' * 50_000}",
    "an unknown grant": "grant_type=" + "z" * 50_000,
    "semicolons": "grant_type=password;username=a;password=b",
    "a json": '{"grant_type":"password"}',
    "empty": "",
}


def test_forms_at_the_token_endpoint(target):
    for name, form in FORMS.items():
        answer = target.send(
            "POST",
            "/oauth/token",
            form.encode(),
            None,
            Content_Type="application/x-www-form-urlencoded",
        )
        refused(name, answer, 400, 401, 413, 422)
    part = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n1\r\n'
    file = b'--x\r\nContent-Disposition: form-data; name="username"; filename="a"\r\n\r\n1\r\n'
    for name, body in {
        "800 parts": part * 800 + b"--x--\r\n",
        "files": file * 400 + b"--x--\r\n",
        "left open": part * 3,
        "no boundary": b"--y\r\n\r\n",
        "a long header": b"--x\r\nX: " + b"y" * 60_000,
        "no name": b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
        "an empty one": b"",
    }.items():
        for kind in ("multipart/form-data; boundary=x", "multipart/form-data"):
            answer = target.send("POST", "/oauth/token", body, None, Content_Type=kind)
            refused(f"{name} {kind}", answer, 400, 401, 413, 415, 422)


# --- queries, paths, headers ----------------------------------------------------------------------

QUERIES = {
    "1,500 parameters": "&".join(f"p{n}=1" for n in range(1_500)),
    "1,500 times the same": "&".join(["limit=1"] * 1_500),
    "the same twice": "limit=1&limit=1",
    "the same by encoding": "limit=1&%6cimit=2",
    "another case": "Limit=1",
    "a blank": "limit%20=1",
    "plus": "+limit=1",
    "nul in a name": "limit%00=1",
    "nul in a value": "after=%00",
    "invalid UTF-8": "after=%ff%fe",
    "half a pair": "after=%ed%a0%80",
    "overlong": "after=%c0%ae",
    "a line end": "after=%0d%0aSet-Cookie:x",
    "brackets": "limit[]=1",
    "an object": "limit[a][b]=1",
    "semicolons": "limit=1;after=2",
    "a name alone": "limit",
    "a very long value": "after=" + "a" * 30_000,
    "a very long name": "a" * 30_000 + "=1",
    "zero": "limit=0",
    "negative": "limit=-1",
    "too many": "limit=201",
    "a huge limit": "limit=" + "9" * 5_000,
    "a fraction": "limit=1.5",
    "an exponent": "limit=1e2",
    "full-width": "limit=%ef%bc%91",
    "underscores": "limit=1_0_0",
    "true": "limit=true",
    "an encoded question": "%3Flimit=1",
    "double encoding": "%256cimit=1",
}
PAGED = (
    "/cycles",
    "/units",
    "{}/scheme-versions",
    "{}/ledger-entries",
    "{}/claims",
    "{}/score-sheets",
    "{}/rankings",
    "{}/releases",
    "{}/vetoes",
    "{}/demotions",
)
CURSORS = (
    "",
    " ",
    "x y",
    "-1",
    "1.0",
    "01",
    "٣",
    "１",
    "9" * 19,
    "{0}",
    "NULL",
    "' OR 1=1",
    "%25",
    "00000000-0000-0000-0000-00000000000g",
    "urn:uuid:00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "\u202e1",
    "a" * 200,
)


def test_queries_that_no_list_knows(target):
    for name, query in QUERIES.items():
        for path in ("/api/v1/units", f"{target.path}/ledger-entries"):
            refused(f"{name} {path}", target.send("GET", path, query=query), 400, 422)


def test_a_place_that_no_page_gave_is_refused_by_every_list(target):
    """Planted bug: begin at the first page, which whoever reads page by page never leaves."""
    for path in PAGED:
        for cursor in CURSORS:
            if path == "/units" and is_code(cursor):
                continue  # the list goes by codes, and any may lie between two of them
            where = "/api/v1" + path.format(target.year.path)
            query = httpx.QueryParams({"after": cursor, "limit": "1"})
            problem = refused(f"{where} {cursor}", target.send("GET", where, query=str(query)), 422)
            assert problem["type"] == "no-such-place", (where, cursor, problem)
            assert problem["errors"][0]["pointer"] == "/query/after"


BY_CODES = (
    "/units",
    "/handed-up",
    "/id-schemes",
    "/accounts",
    "/jurisdictions",
    "/jurisdiction-closings",
)
"""Lists that go by codes: any code may lie between two of theirs."""
OTHERS = ("/api/v1/events", "/api/v1/messages")
"""One with cursors of its own, and one that auditors alone read."""
ABSENT = (
    *("/journals/", "{survey_id}", "{webhook_id}", "{id_scheme}", "{check}", "{version}"),
    "/checkpoints",
    "/complaints",
    "/linked-readings",
    "/objections",
    "/superior-cycles",
)
"""What auditors alone read, and lists of what the city has none of yet: that is missing first."""
PLACES = (
    "zz",
    "zz,zz",
    "zz,zz,zz",
    "zz,zz,zz,zz",
    "zz,zz,2025,warning",
    "2025-06-10,zz,zz,2025",
    "00000000-0000-4000-8000-000000000000_zz",
)


def told_of(item, document) -> set[str]:
    """The names of what a path's GET is asked with."""
    parts = document["components"].get("parameters", {})
    found = item.get("get", {}).get("parameters", ())
    return {
        (parts[each["$ref"].rpartition("/")[2]] if "$ref" in each else each)["name"]
        for each in found
    }


def test_no_list_at_all_begins_at_a_place_whose_parts_nothing_has(target):
    """Planted bug: count the parts of a place, and take whatever they are."""
    document = target.send("GET", "/api/v1/openapi.json").json()
    lists = [
        path
        for path, item in document["paths"].items()
        if "after" in told_of(item, document)
        and not any(each in path for each in ABSENT)
        and path not in OTHERS
    ]
    assert len(lists) > 30
    taken = set()
    for path, place in itertools.product(lists, PLACES):
        if is_code(place) and path.endswith(BY_CODES):
            continue
        openly = target.path.replace("/api/v1/", "/api/v1/public/")
        where = path.replace("/api/v1/cycles/{cycle_id}", target.path).replace("{chain}", "units")
        where = where.replace("/api/v1/public/cycles/{cycle_id}", openly)
        query = str(httpx.QueryParams({"after": place, "limit": "1"}))
        for who in (OFFICE, "administrator"):
            answer = target.send("GET", where, query=query, who=who)
            if answer.status_code != 403:
                break
        if (answer.status_code, answer.json().get("type")) != (422, "no-such-place"):
            taken.add((path, place, answer.status_code, answer.json().get("type")))
    assert taken == set()


SEGMENTS = (
    "%2e",
    "%2e%2e",
    "..%2f..%2fme",
    "%2F",
    "%5c",
    "%00",
    "%01",
    "%7f",
    "%0a",
    "%ff",
    "%E2%80%AE",
    "%E2%80%8B",
    "%C0%AF",
    "a" * 20_000,
    "9" * 5_000,
    "-1",
    "0",
    "1e9",
    "%D9%A1",
    "00000000-0000-0000-0000-000000000000",
    "%7B%7D",
    "*",
    "%25",
    "%3B",
    "null",
    "NaN",
    "true",
    "a%20b",
    "%F0%9F%92%A3",
    "2147483648",
    "9223372036854775808",
    "%27--",
)
PATHS = (
    "/api/v1/units/{}",
    "/api/v1/cycles/{}",
    "/api/v1/cycles/{}/scheme",
    "{base}/scheme-versions/{}",
    "{base}/score-sheets/{}",
    "{base}/rankings/{}",
    "{base}/releases/{}",
    "{base}/ledger-entries/{}",
    "/api/v1/surveys/{}",
    "/api/v1/journals/scoring/receipts/{}",
    "/api/v1/{}",
    "/{}",
)


def test_path_segments_that_name_nothing(target):
    for template in PATHS:
        for segment in SEGMENTS:
            path = template.format(segment, base=target.path)
            refused(path[:200], target.send("GET", path), 400, 403, 404, 405, 422)


HEADERS = {
    "thousands of languages": {"Accept_Language": ",".join(f"x-{n};q=0.1" for n in range(3_000))},
    "weights of words": {"Accept_Language": "zh;q=nan,en;q=inf,de;q=1e999"},
    "weights of digits": {"Accept_Language": "zh;q=" + "9" * 10_000},
    "a negative weight": {"Accept_Language": "zh;q=-1,en;q=-2"},
    "a language of marks": {"Accept_Language": ";" * 10_000 + "," * 10_000},
    "a flood of tags": {"If_None_Match": ",".join(f'"{n}"' for n in range(5_000))},
    "any tag": {"If_None_Match": "*"},
    "an open tag": {"If_None_Match": '"' * 10_001},
    "a chain of proxies": {"X_Forwarded_For": ",".join(["10.0.0.1"] * 5_000)},
    "a proxy that is none": {"X_Forwarded_For": "::ffff:999.1.1.1, <script>, " + "f" * 5_000},
    "forwarded": {"Forwarded": "for=" * 5_000},
    "a request id of anything": {"X_Request_ID": "'; DROP TABLE x --"},
    "a long request id": {"X_Request_ID": "a" * 20_000},
    "another host": {"Host": "elsewhere.example"},
    "another scheme": {"X_Forwarded_Proto": "gopher", "X_Forwarded_Host": "elsewhere"},
    "another method": {"X_HTTP_Method_Override": "DELETE"},
    "another path": {"X_Original_URL": "/api/v1/accounts", "X_Rewrite_URL": "/api/v1/accounts"},
    "a range": {"Range": "bytes=0-" + "1," * 5_000},
    "expect": {"Expect": "100-continue"},
    "an upgrade": {"Upgrade": "h2c", "HTTP2_Settings": "AAMAAABkAARAAAAAAAIAAAAA"},
    "a cookie": {"Cookie": "a=b; " * 5_000},
    "what is wanted": {"Accept": "text/*;q=" + "0" * 10_000},
}


def test_headers_that_change_nothing(target):
    for name, given in HEADERS.items():
        for path, status in ((f"{target.path}/scheme", 200), ("/api/v1/nothing", 404)):
            since = time.process_time()
            answer = target.send("GET", path, **given)
            assert answer.status_code == status, (name, answer.status_code, answer.text[:200])
            assert len(answer.headers["x-request-id"]) <= 64, name
            assert answer.headers.get("content-language", "zh") in {"zh", "en"}, name
            soon(name, since, 2)


def test_tokens_and_keys_that_are_none(target):
    monsters = {
        "empty": "",
        "no token": "Bearer",
        "blanks": "Bearer" + " " * 5_000,
        "another kind": "Basic eA==",
        "points": "Bearer " + "." * 20_000,
        "no end": "Bearer " + "a" * 30_000,
        "three parts": "Bearer a.b.c",
        "five parts": "Bearer a.b.c.d.e",
        "not base64": "Bearer ä.ö.ü",
        "an empty head": "Bearer e30.e30.",
        "no algorithm": "Bearer eyJhbGciOiJub25lIn0.e30.",
        "a head of lists": "Bearer W10.W10.W10",
        "numbers": "Bearer MQ.MQ.MQ",
        "two": "Bearer a Bearer b",
        "deep": "Bearer " + "W1tbW1tbW1tbW1tb" * 500 + ".e30.x",
    }
    for name, given in monsters.items():
        value = given.encode("latin-1")
        refused(name, target.send("GET", "/api/v1/me", who=None, Authorization=value), 401)
    keys = (
        "",
        "short",
        "a" * 201,
        "a" * 30_000,
        "with blank",
        '"' * 10,
        "\t" * 9,
        "ключ-ключ",
        "键" * 9,
    )
    for key in keys:
        answer = target.send(
            "POST", "/api/v1/cycles", b"{}", Idempotency_Key=key.encode("utf-8").strip() or None
        )
        refused(f"key {key[:20]!r}", answer, 400, 422)


# --- schemes and formulas -------------------------------------------------------------------------


def leaf(code, **more):
    usual = {"code": code, "name": "n", "points": "1", "method": "all_or_nothing"}
    usual |= {"params": {"threshold": "1"}, "data_source_unit": "ZH02", "frequency": "yearly"}
    return usual | more


def formula(code, text, **inputs):
    known = inputs or {"x": {"from": "measured", "key": "x"}}
    params = {"inputs": known, "formula": text, "result": "points"}
    return leaf(code, method="expression", params=params)


def with_indicators(target, *indicators):
    scheme = deepcopy(target.scheme)
    scheme["categories"][0]["blocks"][0]["indicators"] += indicators
    return scheme


def extended(target, **more):
    return deepcopy(target.scheme) | more


PART = trials(4, 1)


def broad_schemes(target):
    """Name schemes of an extreme breadth, each within what a body may hold.

    Those that are dear to check have a part of that; `make prove` has them whole.
    """
    small = {"name": "n", "organiser": "ZH02", "total": 1, "units": [], "blocks": []}
    block = {"code": "b", "name": "n", "points": 1, "indicators": []}
    parts = [f"P{n}" for n in range(10_000)]
    base = target.scheme
    categories = [{**small, "code": f"K{n}"} for n in range(8_000 // PART)]
    yield (
        "thousands of categories of 10,000 parts",
        extended(
            target, categories=categories, composition={**base["composition"], "parts": parts}
        ),
    )
    yield (
        "thousands of categories of the same part",
        extended(
            target,
            categories=[{**one, "blocks": [block]} for one in categories],
            composition={**base["composition"], "parts": ["b"] * 19_000},
        ),
    )
    yield (
        "thousands of categories of an indicator",
        extended(
            target,
            categories=[
                {**one, "blocks": [{**block, "indicators": [leaf(f"I{n}")]}]}
                for n, one in enumerate(categories[: 4_000 // PART])
            ],
        ),
    )
    chain = [leaf(f"I{n}", redistribute_to=f"I{n + 1}") for n in range(5_000 // PART)]
    yield "points that wander thousands of times", with_indicators(target, *chain)
    under = leaf("P", method="sum_children", params={}, points="1")
    under["children"] = [leaf(f"C{n}", redistribute_to="P") for n in range(5_000 // PART)]
    yield "thousands of children whose points go up", with_indicators(target, under)
    units = [f"U{n}" for n in range(19_000)]
    overridden = {f"V{n}": {} for n in range(1_900)}
    some = [leaf(f"I{n}", per_unit_params=overridden) for n in range(60)]
    scheme = with_indicators(target, *some)
    scheme["categories"][0]["units"] = units
    yield "overrides for units of others", scheme
    tiers = [{"min": n, "points": n} for n in range(900, 0, -1)]
    wide = leaf("T", method="tiers", params={"input": "x", "tiers": tiers, "else_points": 0})
    wide["per_unit_params"] = {f"V{n}": {"else_points": 1} for n in range(1_900)}
    yield "1,900 overrides of 900 tiers", with_indicators(target, wide)
    many = [{"min": n, "points": n} for n in range(15_000, 0, -1)]
    params = {"input": "x", "tiers": many, "else_points": 0}
    yield "15,000 tiers", with_indicators(target, leaf("T", method="tiers", params=params))
    recusals = [{"unit": f"U{n}", "body": f"U{n + 1}"} for n in range(19_000)]
    broad = [
        {**small, "code": f"K{k}", "units": [f"U{n}" for n in range(19_000)]} for k in range(5)
    ]
    yield (
        "19,000 recusals in five categories",
        extended(target, categories=broad, recusals=recusals),
    )
    grades = [f"g{n}" for n in range(19_000)]
    levels = [{"grade": g, "rate": "0"} for g in grades]
    yield (
        "19,000 grades",
        extended(target, grades={**base["grades"], "order": grades, "levels": levels}),
    )
    texts = [formula(f"F{n}", f"x+{n}+" + "+".join(["x"] * 480)) for n in range(400)]
    yield "400 long formulas", with_indicators(target, *texts)
    deep = [formula(f"F{n}", "(" * 300 + f"x+{n}" + ")" * 300) for n in range(400)]
    yield "400 deep formulas", with_indicators(target, *deep)
    ring = [
        formula(f"F{n}", "y", y={"from": "score", "indicator": f"F{(n + 1) % 1_500}"})
        for n in range(1_500)
    ]
    yield "a ring of 1,500 formulas", with_indicators(target, *ring)
    stars = {f"y{n}": {"from": "score", "indicator": f"F{n}"} for n in range(1_500)}
    yield "1,500 rings", with_indicators(target, *ring[:-1], formula("F1499", "y0", **stars))
    bad = {f"y{n}": {"from": "nowhere", "indicator": n} for n in range(1_900)}
    yield (
        "1,900 wrong inputs",
        with_indicators(target, *(formula(f"F{n}", "1", **bad) for n in range(15))),
    )
    steps = [{"step": f"s{n}", "name": "n", "date": "2025-01-01"} for n in range(19_000)]
    yield "19,000 steps of none", extended(target, calendar=[*steps, *steps[:900]])
    yield (
        "19,000 times one unit",
        extended(target, categories=[{**small, "code": "K", "units": ["XQ01"] * 19_000}]),
    )


@pytest.mark.prove
def test_schemes_of_extreme_breadth_are_refused_soon(target):
    """Planted bug: go through all places for each category, or through all units for each unit."""
    count = 0
    for name, scheme in broad_schemes(target):
        count += 1
        since = time.process_time()
        answer = target.check(scheme)
        refused(name, answer, 400, 413, 422)
        soon(name, since, 6 if PART == 1 else 3)
    assert count > 15


FORMULAS = (
    "",
    " ",
    "x x",
    "x +",
    "* x",
    "()",
    "((x)",
    "x)",
    "x ** ",
    "1..2",
    "1.2.3",
    "1e5",
    "0x1",
    "x = 1",
    "x <> 1",
    "x < 1 < 2",
    "x and 1",
    "not x",
    "x ? 1 : 2",
    "x; 1",
    "x\r",
    "__import__('os')",
    "x.__class__",
    "lambda: 1",
    "[x]",
    "{x}",
    "x[0]",
    "'x'",
    "@x",
    "#x",
    "x!",
    "x % 2",
    "x // 2",
    "x ^ 2",
    "min()",
    "min(x)",
    "max(x,)",
    "abs(x,x)",
    "round()",
    "round(x,1,2)",
    "if(x,1,2)",
    "if(1<2,3)",
    "sqrt()",
    "ln(x,2)",
    "sum(x)",
    "eval(x)",
    "(1<2)+1",
    "1<2",
    "-(1<2)",
    "min(1<2,1)",
    "y",
    "X",
    "х",
    "ｘ",
    "x²",
    "−x",
    "x×2",
    "x，1",
    "（x）",
    "x\u200b",
    "\u202ex",
    "１",
    "x" * 1_001,
    "(" * 500,
    "-" * 1_000,
    "x" + "**x" * 300,
    "x" + "+(x" * 101 + ")" * 101,
    "min(" * 120 + "x",
    "min(" + "x," * 120 + "x)",
)


def test_formulas_that_cannot_be_read_are_named(target):
    scheme = with_indicators(target, *(formula(f"F{n}", text) for n, text in enumerate(FORMULAS)))
    problem = refused("all", target.check(scheme), 422)
    found = {fault["pointer"].split("/params")[0] for fault in problem["errors"]}
    assert len(found) == len(FORMULAS), "some formula was taken"
    for text in FORMULAS[::9]:
        refused(text[:40], target.check(with_indicators(target, formula("F", text))), 422)


COSTLY = {
    "towers": "((((x+1)**999)**0.001+2)**999)**0.001",
    "fractional powers": "+".join(f"(x+2)**0.{n:02}" for n in range(1, 60)),
    "large roots": "+".join(f"(x+{n}.123456789)**(97/89)" for n in range(30)),
    "logarithms": "ln(" * 90 + "x+9" + ")" * 90,
    "roots of roots": "sqrt(" * 90 + "x" + ")" * 90,
    "products": "*".join(["(x+123456789123456789)"] * 30),
    "quotients": "/".join(["(x+1.37)"] * 80),
    "beyond all use": "((x**1000)**1000)**1000",
}


def test_formulas_that_take_long_to_compute_are_computed_soon_or_undefined(target):
    """Planted bug: look for the root of a power of four thousand bits."""
    path = f"{target.path}/score-simulations"
    for name, text in COSTLY.items():
        several = [formula(f"F{n}", text) for n in range(8)]
        values = [
            {
                "unit": unit,
                "indicator": f"F{n}",
                "kind": "measured_value",
                "key": "x",
                "value": "3.123456789123",
            }
            for n in range(8)
            for unit in target.units
        ]
        body = {"scheme": with_indicators(target, *several), "values": values}
        body["categories"] = [target.category["code"]]
        since = time.process_time()
        answer = target.send("POST", path, encoded(body))
        assert answer.status_code in {200, 422}, (name, answer.text[:300])
        assert len(answer.content) < 5_000_000, name
        soon(name, since, 8)


# --- batches at their limits ----------------------------------------------------------------------


def test_batches_at_the_limit_with_every_row_wrong(target):
    """Every service names the first faults and counts the others."""
    nobody = "00000000-0000-0000-0000-000000000000"
    entry = {
        "unit": "NOBODY",
        "indicator": "NONE",
        "kind": "measured_value",
        "key": "k",
        "value": "1",
    }
    aim = {"unit": "NOBODY", "indicator": "NONE", "value": "1"}
    claim = {"claim_no": "n", "unit": "NOBODY", "kind": "bonus", "rule": "NONE"}
    unit = {"code": "!", "name": "n", "kind": "assessed", "valid_from": "2010-01-01"}
    account = {"subject": "s", "kind": "person", "name": "n", "roles": ["none"]}
    batches = {
        "entries": ("/ledger-entries", SOURCE, "entries", [entry] * 5_000),
        "entries of nothing": ("/ledger-entries", SOURCE, "entries", [{}] * 5_000),
        "targets": ("/targets", OFFICE, "targets", [aim] * 9_999),
        "proposals": ("/target-proposals", OFFICE, "targets", [aim] * 1_000),
        "claims": ("/claims", OFFICE, "claims", [claim] * 500),
        "claims of nothing": (
            "/claims",
            OFFICE,
            "claims",
            [{f"k{n}": 0 for n in range(390)}] * 500,
        ),
        "values": ("/score-simulations", OFFICE, "values", [entry] * 10_000),
        "values to rank by": ("/simulations", OFFICE, "values", [entry] * 10_000),
        "units": ("/api/v1/units", OFFICE, "units", [unit] * 1_000),
        "units twice": ("/api/v1/units", OFFICE, "units", [{**unit, "code": "DUP"}] * 1_000),
        "accounts": ("/api/v1/accounts", "administrator", "accounts", [account] * 200),
        "verification": ("/ledger-entries/verification", OFFICE, "entry_ids", [nobody] * 5_000),
    }
    for name, (path, who, field, rows) in batches.items():
        where = path if path.startswith("/api") else target.path + path
        body = {field: rows}
        if field == "values" and path == "/simulations":
            body["category"] = target.category["code"]
        if path == "/targets":
            body["reason"] = "r"
        since = time.process_time()
        answer = target.send("POST", where, encoded(body), who)
        refused(name, answer, 400, 403, 404, 405, 409, 413, 422)
        soon(name, since, 6)


def test_decimals_that_are_none(target):
    path = f"{target.path}/score-simulations"
    wrong = [
        "1e5",
        "1E400",
        "+1",
        " 1",
        "1 ",
        "",
        ".",
        "-",
        "１",
        "٣",
        "½",
        "1,000",
        "0x1",
        "NaN",
        "-inf",
        "9" * 19,
        "0." + "1" * 13,
        "9" * 5_000,
        "1_0",
        "1\n",
        True,
        False,
        [],
        {},
        [1],
        {"a": 1},
        "1\u200b",
        "\u22121",
        "1.",
        ".1",
        "--1",
        10**30,
        10**39,
    ]
    entry = {"unit": target.units[0], "indicator": "C01", "kind": "measured_value", "key": "actual"}
    for value in wrong:
        body = {"values": [{**entry, "value": value}]}
        problem = refused(repr(value)[:40], target.send("POST", path, encoded(body)), 400, 422)
        assert problem["type"] in {"malformed-request", "not-json"}, (value, problem)
    for digits in ("1e-400", "1e400", "0." + "0" * 50 + "1", "123456789" * 5, "1e" + "1" * 20):
        raw = json.dumps({"values": [{**entry, "value": "@"}]}).replace('"@"', digits).encode()
        refused(digits[:40], target.send("POST", path, raw), 400, 422)


# --- others are answered meanwhile ----------------------------------------------------------------


def test_others_are_answered_while_a_large_legal_scheme_is_checked(target):
    """Planted bug: check the rules of a scheme on the event loop."""
    leaves = [leaf(f"L{n}", clause="文" * 200, points="0.01") for n in range(2_500)]
    body = encoded({"scheme": with_indicators(target, *leaves)})
    assert 1_000_000 < len(body) < 4_000_000
    bridge = target.installation.transport
    assert isinstance(bridge, Bridge)
    late, begun = _lateness(bridge.loop), time.monotonic()
    try:
        answer = target.send("POST", f"{target.path}/scheme-checks", body)
    finally:
        worst, took = late(), time.monotonic() - begun
    assert answer.status_code == 200, answer.text[:300]
    # A part of the request, however fast the machine is: on the loop it would be nearly all of it.
    assert worst < took * 0.4


def _lateness(loop):
    """Return what stops a clock on an event loop, and tells how late it was at most."""
    worst, going = [0.0], threading.Event()
    going.set()

    async def tick():
        while going.is_set():
            due = loop.time() + 0.02
            await asyncio.sleep(0.02)
            worst[0] = max(worst[0], loop.time() - due)

    done = asyncio.run_coroutine_threadsafe(tick(), loop)

    def stop():
        going.clear()
        done.result(10)
        return worst[0]

    return stop
