"""Two jurisdictions of one installation: what one is answered says nothing of what the other does,
and the other's ids are answered as what nobody has.

Planted bugs, seen to fail: heads of journals that are not limited, an id scheme that another has is
taken, a code of another's account that is refused otherwise, the year before looked for by its
cycle alone, numbers of records that go on for all.
"""

import datetime as dt
import json
import re
import uuid
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace

import pytest
from tests.attacks.test_leaks_before_release import (
    ACCOUNTS,
    MATRIX,
    UUID,
    VARYING,
    begin,
    commands,
    enter,
    finish,
    happen,
    kind_of,
    questions,
    scheme,
    told_by,
)
from tests.system.harness import in_one_process
from tests.system.jurisdictions import SECRET, Founders
from tests.system.two_worlds import MOMENT, opaque, unpacked

from chassis.realms import new_part
from kaoping.card import Credentials
from kaoping.client import Refused
from service_testing import trials

pytestmark = pytest.mark.prove

OURS, THEIRS = "440100", "530100"
UNITS = [(each, "assessed") for each in ("A1", "A2", "A3", "A4", "B1", "B2")]
UNITS += [(each, "body") for each in ("S1", "S2", "R1", "C1", "D1", "O2", "O3")]
MORE = {"auditor": (None, ["auditor"]), "system": ("S1", ["data_source_unit"])}
ASKING = ("office", "auditor", "admin", *trials((), ("A1", "S2", "committee", "system")))
"""Whose answers are looked at; in the longer form also others'."""
FEW = ("office", "A1", "C1", "auditor")
"""Who of theirs sends ids of ours; in the longer form everybody."""
OF_NO_CYCLE = re.compile(r"/public/|openapi|jwks|/oauth/|/session|/open-form")
"""What is asked without an account, or is about none."""


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory):
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


class Place:
    """A jurisdiction with everybody who takes part in its year."""

    def __init__(self, installation, founders, stack, code):
        self.code, self.stack, self.installation = code, stack, installation
        self.admin = founders.establish(code)
        told = {**ACCOUNTS, **MORE}
        accounts = {
            who: (unit, roles, "client" if who == "system" else kind_of(roles))
            for who, (unit, roles) in told.items()
        }
        self.people = founders.people(code, self.admin, accounts)
        self.kinds = {who: kind for who, (_, _, kind) in accounts.items()}

    def begin(self, day):
        """Register what a year needs, and begin it."""
        units = [
            {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for code, kind in UNITS
        ]
        self.people["office"].post("/units", {"units": units})
        told = {"id_scheme": "hr", "name_zh": "人事", "name_en": "hr", "system": "人事"}
        self.people["office"].post("/id-schemes", told)
        meant = {"code": "0001", "unit": "A1", "valid_from": "2020-01-01"}
        at = "/id-schemes/hr/unit-mappings"
        self.people["office"].post(at, {"mappings": [meant]})
        (self.mapping,) = self.people["office"].pages(at)
        host = {"host": "push.example.gov.cn", "reason": "x"}
        self.host = self.admin.post("/webhook-hosts", host)["host"]["host_id"]
        return begin(self.people, day, self.code)

    def door(self, who):
        """Give a plain client for somebody."""
        kind = self.kinds.get(who, "person")
        form = Credentials(f"{self.code}.{who}", SECRET, kind).form
        answer = self.installation.raw().post("/oauth/token", data=form)
        assert answer.is_success, answer.text
        told = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return self.stack.enter_context(self.installation.raw(**told, **{"X-Request-ID": "a-walk"}))


@pytest.fixture(scope="module")
def both(installation):
    with ExitStack() as stack:
        founders = Founders(installation, stack)
        founders.notary().post("/checkpoints")  # the first is made once it is looked for
        yield [Place(installation, founders, stack, code) for code in (OURS, THEIRS)]


def routes_without_cycle():
    """Yield the paths of no cycle that an account asks."""
    known = {"subject": [f"{OURS}.A1", f"{OURS}.nobody"], "unit": ["A1", "Z9"], "year": ["2025"]}
    known |= {"id_scheme": ["hr", "other"], "jurisdiction": [OURS, "431000"], "number": ["1"]}
    known |= {each: [str(uuid.UUID(int=4))] for each in ("host_id", "webhook_id", "grant_id")}
    known |= {"message_id": [str(uuid.UUID(int=4))], "position": ["1"], "hash": ["0" * 64]}
    known["chain"] = ["units", "accounts", f"units:{OURS}", f"accounts:{OURS}", f"reads:{OURS}"]
    known["chain"] += [f"sessions:{OURS}", f"id-schemes:{OURS}", f"secrets:{OURS}"]
    for route in MATRIX.routes:
        path = route.removeprefix("GET ")
        if path == route or OF_NO_CYCLE.search(path) or "{cycle_id}" in path:
            continue
        if "{survey_id}" in path:
            continue
        names = re.findall(r"\{(\w+)\}", path)
        for values in zip(*(known[name] for name in names), strict=False) if names else [()]:
            yield path.format(**dict(zip(names, values, strict=True)))


def asked(installation, world):
    """Return everything that is asked of the own jurisdiction."""
    queries = installation.queries()
    found = [*routes_without_cycle()]
    found += [f"{path}?limit=1" for path in found if "/heads" not in path]
    told = [url for _, url in questions(world, queries)]
    # Of who read what only the first is looked at: to ask adds to it.
    found = [each for each in found if f"reads:{OURS}" not in each or "limit" in each]
    return [*dict.fromkeys([*found, *told[:: trials(61, 1)]])]


def walk(doors, urls):
    """Return what each account is answered to everything."""
    found = {}
    for who, door in doors.items():
        for url in urls:
            if who == "admin" and "/cycles/" in url:  # has no row for any of them
                continue
            answer = door.get(url if url.startswith("/api") else f"/api/v1{url}")
            assert answer.status_code < 500, f"{url}: {answer.text}"
            kept = sorted((k, v) for k, v in answer.headers.items() if k not in VARYING)
            text = f"{answer.status_code} {kept} {unpacked(answer).decode(errors='replace')}"
            found[who, url] = MOMENT.sub("MOMENT", opaque(text))
    return found


TOKEN = re.compile(r"[0-9a-f]{64}|\d+")


def goes_on(one, two, three):
    """Say whether what was answered goes on as before: the same, or by what the asking itself adds
    to the log of who read what."""
    if one == two == three:
        return True
    if not TOKEN.sub("", one) == TOKEN.sub("", two) == TOKEN.sub("", three):
        return False
    for a, b, c in zip(*map(TOKEN.findall, (one, two, three)), strict=True):
        is_digest = {64} == {len(a), len(b), len(c)}
        if is_digest and (a == b) != (b == c):
            return False
        if not is_digest and int(c) - int(b) != int(b) - int(a):
            return False
    return True


@pytest.fixture(scope="module")
def year(both):
    """The year of ours, of which nothing is sealed yet."""
    world = both[0].begin("2025-03-01")
    enter(world, both[0].people, otherwise=True)
    happen(world, both[0].people, otherwise=True)
    return world


@pytest.fixture(scope="module")
def walked(installation, both, year):
    """What ours are answered: twice while the others do nothing, and after they have had a year;
    with what ours are told in each journal of what they do each time."""
    ours, theirs = both
    doors = {who: ours.door(who) for who in ASKING}
    urls, told = asked(installation, year), [noted(ours, 1)]
    found = [walk(doors, urls), walk(doors, urls)]
    theirs.world = theirs.begin("2025-03-02")
    play_on(theirs)
    found.append(walk(doors, urls))
    return found, [*told, noted(ours, 2)]


def play_on(place):
    """Play a part of a year or, in the longer form, all of it until its results are fed back."""
    world, people = place.world, place.people
    enter(world, people, otherwise=False)
    if trials(0, 1):
        happen(world, people, otherwise=False)
        # As `finish` expects it of the second body.
        at, why = f"/surveys/{world.survey}/waves/1", {"reason": "x", "document_no": "1"}
        people["D1"].post(f"{at}/voidings", why)
        finish(world, people, otherwise=False)


def noted(place, n):
    """Do something that is on record; return the number of its record in the journal."""
    named = {"name": f"名称{n}", "kind": "alias", "valid_from": "2024-01-01"}
    receipt = place.people["office"].post("/units/A2/names", named)["receipt"]
    at = f"/journals/indicators/chains/{receipt['chain']}"
    told = place.people["auditor"].get(at, after=str(receipt["seq"] - 1), limit=1)
    (entry,) = told["items"]
    return entry


def test_what_one_is_answered_says_nothing_of_another(walked):
    (one, two, three), _ = walked
    apart = {
        each: (two[each], three[each])
        for each in three
        if not goes_on(one[each], two[each], three[each])
    }
    assert not apart, "\n".join(f"{k}\n  {a[:900]}\n  {b[:900]}" for k, (a, b) in apart.items())
    assert sum(each.startswith("200") for each in three.values()) > 100


@pytest.fixture(scope="module")
def answers(installation, both, year, walked):
    """What theirs are answered to ids of ours and to such as nobody has, and what of ours changed
    by it."""
    theirs, before = both[1], kept_of(installation, year)
    doors = {who: theirs.door(who) for who in trials(FEW, [*ACCOUNTS, "auditor", "admin"])}
    found, queries = [], installation.queries()
    nobodys = {
        name: str(uuid.uuid4()) if UUID.fullmatch(each) else each for name, each in year.ids.items()
    }
    here = replace(theirs.world, ids=year.ids)
    pairs = [
        (year, replace(year, cycle=str(new_part(THEIRS)), survey=str(new_part(THEIRS)))),
        (here, replace(here, ids=nobodys)),
    ]
    for n, (told, unknown) in enumerate(pairs):
        for m, (who, door) in enumerate(doors.items()):
            both_of = zip(of_world(told, queries), of_world(unknown, queries), strict=True)
            for k, (ask, other) in enumerate(both_of):
                if ask == other or (k + m) % trials(9, 1) or (n and "after=" in ask[1]):
                    continue  # behind an id stands what has a greater one, whosever it is
                key = f"{n}-{who}-{k}"
                found.append((who, ask, *(
                    said(door, what, world, who, f"{key}-{what is ask}")
                    for what, world in ((ask, told), (other, unknown))
                )))  # fmt: skip
    return found, before, kept_of(installation, year)


def of_world(world, queries):
    """Yield everything that can be asked or sent in a world."""
    yield from (("GET", url, None) for _, url in questions(world, queries))
    yield from (("POST", f"/api/v1{path}", body) for _, path, body in commands(world))


def said(door, what, world, who, key):
    method, url, body = what
    headers = {"Idempotency-Key": key} if method == "POST" else {}
    sent = {"json": body} if method == "POST" and body is not None else {}
    answer = door.request(method, url, headers=headers, **sent)
    return told_by(world, answer, who)


def kept_of(installation, world):
    """Return everything that is stored of ours, but when who signed in: that goes on by itself."""
    rows = installation.rows(("recent_use", "secret_use", "session")).splitlines()
    named = world.cycle, world.survey, f"{OURS},", f":{OURS}", f"{OURS}."
    return sorted(each for each in rows if any(name in each for name in named))


def test_ids_of_another_are_answered_as_what_nobody_has(answers, figure):
    found, before, after = answers
    figure("asked", len(found))
    apart = [each for each in found if each[2] != each[3]]
    assert not apart, "\n".join(f"{a[:2]}\n  {a[2]}\n  {a[3]}" for a in apart[:20])
    assert len(found) > 100
    assert changed(before, after) == []


def test_what_is_of_no_cycle_is_answered_as_what_nobody_has(installation, both, year, walked):
    """Names, hosts, mappings, chains and receipts of ours, as those of theirs send them."""
    ours, theirs = both
    before = kept_of(installation, year)
    told = ours.people["office"].get(f"/cycles/{year.cycle}")
    assert told["jurisdiction"] == OURS
    known = {f"{OURS}.A1": f"{OURS}.nobody", ours.host: str(uuid.uuid4())}
    known |= {ours.mapping["mapping_id"]: str(uuid.uuid4()), f":{OURS}": ":439900"}
    known |= {year.cycle: str(new_part(THEIRS)), f"jurisdictions/{OURS}": "jurisdictions/439900"}
    known |= {f"'jurisdiction': '{OURS}'": "'jurisdiction': '439900'"}
    asked = [
        *(("GET", f"/accounts/{OURS}.A1{end}", None) for end in ("", "/changes", "/secrets")),
        *(("POST", f"/accounts/{OURS}.A1/{end}", {"reason": "x"} | more) for end, more in (
            ("changes", {"enabled": False}), ("resets", {"what": ["password"]}), ("unlock", {}),
            ("secrets", {}), ("sessions/end", {}), ("refusal", {}),
        )),
        ("POST", f"/accounts/{OURS}.A1/confirmation", None),
        *(("POST", f"/webhook-hosts/{ours.host}/{end}", body) for end, body in (
            ("confirmation", None), ("withdrawal", {"reason": "x"}))),
        ("POST", "/id-schemes/hr/unit-mappings/ending",
         {"mapping_ids": [ours.mapping["mapping_id"]], "valid_to": "2026-01-01", "reason": "x"}),
        ("GET", f"/jurisdictions/{OURS}", None),
        ("GET", f"/units?cycle_id={year.cycle}", None),
        *(("GET", f"/journals/{part}/chains/{chain}{end}", None)
          for part in ("indicators", "scoring", "survey", "ranking", "gateway")
          for chain in (year.cycle, f"units:{OURS}", f"accounts:{OURS}", f"reads:{OURS}")
          for end in ("", "/verification")),
        ("POST", "/cycles", {"name": "x", "jurisdiction": OURS, "assessment_year": 2025}),
        ("GET", f"/inferior-cycles?jurisdiction={OURS}", None),
    ]  # fmt: skip
    apart = []
    for who in ("admin", "office", "auditor", "A1"):
        door = theirs.door(who)
        for n, (method, path, body) in enumerate(asked):
            seen = [
                without(known, door, method, path, body, f"{who}-{n}-{named}")
                for named in (True, False)
            ]
            if seen[0] != seen[1]:
                apart.append((who, method, path, *seen))
    assert not apart, "\n".join(map(str, apart[:20]))
    assert changed(before, kept_of(installation, year)) == []


def changed(before, after):
    """Return the rows that are there only before, or only after."""
    return sorted((Counter(before) - Counter(after)) + (Counter(after) - Counter(before)))


def without(known, door, method, path, body, key):
    """Ask with ids of ours or, in their place, such as nobody has; return what is said without
    them."""
    text = repr(body)
    for ours, nobodys in known.items() if key.endswith("False") else ():
        path, text = path.replace(ours, nobodys), text.replace(ours, nobodys)
    sent = {} if body is None else {"json": eval(text)}  # noqa: S307 - our own
    answer = door.request(method, f"/api/v1{path}", headers={"Idempotency-Key": key}, **sent)
    told = f"{answer.status_code} {answer.text}".replace("439900", OURS)
    for ours, nobodys in known.items():
        told = told.replace(nobodys, ours)
    return MOMENT.sub("MOMENT", told)


def test_a_year_before_is_ones_own(both, year, walked):
    """A scheme that counts ranks or vetoes of a year of ours is refused as if there were none."""
    theirs = both[1]
    unknown = str(new_part(THEIRS))
    cycle = {"name": "次年", "jurisdiction": THEIRS, "assessment_year": 2026}
    at = f"/cycles/{theirs.people['office'].post('/cycles', cycle)['cycle_id']}"
    seen = []
    for before in (year.cycle, unknown):
        told = scheme() | {"assessment_year": 2026}
        told["vetoes"] |= {"previous_cycle": before}
        body = {"scheme": told, "reason": "x"}
        version = theirs.people["office"].post(f"{at}/scheme-versions", body)["version"]
        with pytest.raises(Refused) as refused:
            theirs.people["office"].post(f"{at}/scheme-versions/{version}/publication")
        assert "not-an-earlier-cycle" in refused.value.codes
        seen.append(str(refused.value).replace(before, "ID"))
    assert re.sub(r"scheme-versions/\d+", "V", seen[0]) == re.sub(
        r"scheme-versions/\d+", "V", seen[1]
    )


def test_what_is_done_elsewhere_moves_no_number_of_ours(walked):
    """Planted bug: the records of all have one row of numbers. Now they are the moment that the
    entry tells, too."""
    for entry in walked[1]:
        record = json.loads(entry["rows"])["record"]
        at = dt.datetime.fromisoformat(entry["recorded_at"]).timestamp()
        assert 0 <= at - record / 2048 / 1_000_000 < 60
