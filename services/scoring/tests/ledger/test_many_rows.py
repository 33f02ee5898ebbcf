"""Months of values of another system, with its own codes and one fault in a hundred rows, sent in
batches and then all over again: every row has the outcome that it was drawn for."""

from collections import Counter
from itertools import islice, product
from random import Random

import pytest

from service_testing import trials

ROWS, AT_ONCE = trials(2_000, 100_000), trials(500, 5_000)
INDICATORS = 10
MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
UNITS = ROWS // (INDICATORS * len(MONTHS)) + 2

FAULTS = (
    ("an unknown unit", {"unit": "nowhere"}, "parked", None),
    ("an unknown indicator", {"indicator": "nothing"}, "parked", None),
    ("sent twice", None, "unchanged", None),
    ("sent twice, otherwise", {"value": "-1"}, "refused", "source-ref-twice"),
    ("of tomorrow", {"period": "2999-01"}, "refused", "wrong-period"),
    ("of last year", {"period": "2024-03"}, "refused", "wrong-period"),
    (
        "no indicator of the unit",
        {"indicator": "i-other"},
        "refused",
        "indicator-of-another-category",
    ),
    ("another kind", {"kind": "grade", "value": None, "word": "A"}, "refused", "not-one-of"),
    ("the record of another", None, "refused", "source-ref-of-another"),
    ("an unknown key", {"key": "nothing"}, "refused", "not-one-of"),
    ("below its bounds", {"indicator": "i-events"}, "refused", "out-of-range"),
    ("another's to enter", {"indicator": "i-foreign"}, "refused", "not-the-data-source"),
    ("a control character", {"note": "坏\u0001"}, "refused", "value-error"),
    ("no number", {"value": "1,5"}, "refused", "plain-digits"),
    ("no day", {"occurred_on": "2025-02-30"}, "refused", "date-from-datetime-parsing"),
    ("a phone number", {"note": "联系人 " + "138" + "00138000"}, "refused", "phone-number"),
    ("an identity number", {"note": "110105" + "19491231002X"}, "refused", "identity-number"),
    ("a field of its own", {"colour": "red"}, "refused", "extra-forbidden"),
)


def scheme(document):
    """A category of many units with values of every month, events, and what others enter."""
    county, parks, *rest = document["categories"]
    monthly = {"step_ratio": "0.1", "period": "month"}
    [like] = [
        each for block in county["blocks"] for each in block["indicators"] if each["code"] == "C08"
    ]
    about = like | {
        "points": "1",
        "params": monthly,
        "data_source_unit": "S",
        "allow_exceed": False,
    }
    named = [about | {"code": f"M{n}", "name": f"M{n}"} for n in range(INDICATORS)]
    named.append(about | {"code": "FOREIGN", "name": "FOREIGN", "data_source_unit": "OTHER"})
    events = {"method": "deduct_events", "params": {"per_event": {"late": "0.1"}}}
    named.append(about | {"code": "EVENTS", "name": "EVENTS", **events})
    block = {"code": "function", "name": "F", "points": str(len(named)), "indicators": named}
    many = county | {"units": [f"U{n}" for n in range(UNITS)], "blocks": [block]}
    return document | {"categories": [many, parks, *rest]}


def codes():
    """What the codes of the other system mean."""
    days = {"valid_from": None, "valid_to": None}
    meant = {f"i{n}": f"M{n}" for n in range(INDICATORS)}
    meant |= {"i-other": "P01", "i-foreign": "FOREIGN", "i-events": "EVENTS"}
    return {
        "as_of": "2025-12-31",
        "units": True,
        "indicators": True,
        "unit_codes": [{"code": f"u{n}", "unit": f"U{n}", **days} for n in range(UNITS)],
        "indicator_codes": [{"code": c, "indicator": i, **days} for c, i in meant.items()],
    }


def drawn(random):
    """Yield batches of rows, each row with the outcome that it is to have, and the code of its
    fault. What is faulty is drawn anew, and known before anything is sent."""
    cells = product(range(UNITS), range(INDICATORS), MONTHS)
    sound = [
        {
            "unit": f"u{unit}",
            "indicator": f"i{indicator}",
            "kind": "measured_value",
            "key": "value",
            "period": month,
            "value": f"{random.randrange(10**6) / 100:.2f}",
            "source_ref": f"R/{unit}/{indicator}/{month}",
        }
        for unit, indicator, month in islice(cells, ROWS)
    ]
    number = 0
    for start in range(0, ROWS, AT_ONCE):
        rows = [(row, "stored", None) for row in sound[start : start + AT_ONCE]]
        for at in sorted(random.sample(range(1, len(rows)), len(rows) // 100)):
            _, change, outcome, code = FAULTS[number % len(FAULTS)]
            number += 1
            if code == "source-ref-of-another":
                if not start:  # it would be told as twice in a batch, and again as another's
                    continue
                rows[at] = (rows[at][0] | {"source_ref": sound[0]["source_ref"]}, outcome, code)
                continue
            rows[at] = (_faulty(rows[at][0], rows[0][0], change, code), outcome, code)
        yield rows


def _faulty(row, first, change, code):
    if change is None or code == "source-ref-twice":
        return first | (change or {})
    if code == "out-of-range":
        change = change | {"kind": "event", "key": "late", "value": "-2"}
    return row | change


@pytest.mark.prove
async def test_every_row_has_the_outcome_that_it_was_drawn_for_also_when_it_is_sent_again(
    cycle, others, document
):
    """Planted bugs: look records up in their batch only; park again what waits; number the faults
    by the rows whose codes are known."""
    others.schemes[cycle.cycle_id] = scheme(document)
    others.id_schemes["many"] = codes()
    batches = list(drawn(Random(7)))  # noqa: S311 - not for secrets
    source = cycle.source("S")
    path = "ledger-entries?mode=partial&id_scheme=many"
    ids, counted = {}, Counter()
    for again in (False, True):
        for n, rows in enumerate(batches):
            body = {"entries": [row for row, _, _ in rows]}
            answer = await cycle.post(source, path, body)
            assert answer.status_code == (200 if again else 201), answer.text[:500]
            told = answer.json()["rows"]
            for at, (found, (row, outcome, code)) in enumerate(zip(told, rows, strict=True)):
                wanted = "unchanged" if again and outcome == "stored" else outcome
                assert found["outcome"] == wanted, (n, row, found)
                assert code in [None, *(error["code"] for error in found["errors"])], (row, found)
                known = ids.setdefault((n, at), (found["entry_id"], found["parked_row_id"]))
                assert known == (found["entry_id"], found["parked_row_id"])
                counted[outcome] += not again
    assert sum(counted.values()) == ROWS
    assert {code for rows in batches for *_, code in rows} == {None, *(each[3] for each in FAULTS)}
    listed = await cycle.ledger()
    assert (
        listed["entries"]["submitted"]
        == counted["stored"]
        == len({e for e, _ in ids.values() if e})
    )
    waiting = await cycle.service.sql(
        "SELECT count(*) AS n FROM parked_row WHERE cycle_id = $1", cycle.cycle_id
    )
    assert waiting[0]["n"] == counted["parked"]
    assert (await cycle.service.verification(str(cycle.cycle_id)))["holds"]
    del others.schemes[cycle.cycle_id]
