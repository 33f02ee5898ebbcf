"""Rows that are kept or refused by themselves: what is left does not depend on how it was found."""

import json
from itertools import count
from pathlib import Path

import lending
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.refusals import Refusal
from service_testing import trials

EACH = "/api/v1/loans/each"
NUMBERS = count()


@pytest.fixture(scope="module")
async def service(run_service, tmp_path_factory):
    return await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
    )


@pytest.fixture
async def librarian(service):
    async with service.caller("librarian") as client:
        yield client


@pytest.fixture
def book():
    """Name books that nobody else lends."""
    n = next(NUMBERS)
    return lambda name: f"{name}-{n}"


def lend(book, days=1, **more):
    return {"book": book, "days": str(days)} | more


async def sent(librarian, *rows, mode="partial"):
    answer = await librarian.post(f"{EACH}?mode={mode}", json={"loans": rows})
    assert answer.status_code in (200, 201), answer.text
    return answer


def became(answer):
    """Return what became of each row: how it came out, and the codes of its faults."""
    told = answer.json()
    assert [row["position"] for row in told["rows"]] == [*range(len(told["rows"]))]
    for name in ("stored", "unchanged", "parked", "refused"):
        assert told[name] == sum(row["outcome"] == name for row in told["rows"])
    return [(row["outcome"], *(each["code"] for each in row["errors"])) for row in told["rows"]]


async def state(service):
    (found,) = await service.sql(
        "SELECT (SELECT count(*) FROM loan) AS loans, (SELECT count(*) FROM journal_entry) AS told,"
        " (SELECT count(*) FROM idempotency_key) AS keys"
    )
    return tuple(found.values())


async def test_rows_are_kept_by_themselves_and_recorded_together(service, librarian, book):
    """Planted bugs: number the faults among the rows that are left; an entry for each round."""
    rows = [lend(book("A")), lend(book("B"), 91), {"book": "?"}, lend(book("C")), lend(book("D"))]
    await sent(librarian, rows[4])
    before = await state(service)
    answer = await sent(librarian, *rows[:4], lend(book("D"), 2), rows[4])
    assert became(answer) == [
        ("stored",),
        ("refused", "too-long"),
        ("refused", "string-pattern-mismatch", "missing"),
        ("stored",),
        ("refused", "out"),
        ("unchanged",),
    ]
    told = answer.json()
    assert answer.status_code == 201
    assert [row["errors"][0]["pointer"] for row in told["rows"] if row["errors"]] == [
        "/loans/1/days",
        "/loans/2/book",
        "/loans/4/book",
    ]
    assert [row["book"] for row in told["rows"]] == [
        *(row["book"] for row in rows[:2]),
        None,
        book("C"),
        book("D"),
        book("D"),
    ]
    assert await state(service) == tuple(map(sum, zip(before, (2, 1, 1), strict=True)))
    entry = (await service.sql("SELECT body FROM journal_entry ORDER BY seq DESC LIMIT 1"))[0]
    assert json.loads(entry["body"]) == [book("A"), book("C")]


async def test_sent_again_all_that_was_kept_is_unchanged_and_nothing_is_recorded(
    service, librarian, book
):
    """Planted bug: an entry and a 201 for nothing."""
    rows = [lend(book("A")), lend(book("B"), 91), lend(book("C"))]
    await sent(librarian, *rows)
    loans, told, keys = await state(service)
    again = await sent(librarian, *rows)
    assert (again.status_code, again.json()["receipt"]) == (200, None)
    assert became(again) == [("unchanged",), ("refused", "too-long"), ("unchanged",)]
    assert await state(service) == (loans, told, keys + 1)


async def test_of_rows_about_the_same_the_first_that_is_right_in_itself_stays(librarian, book):
    """Also where that is found out later, by another rule. Planted bugs: refuse the second together
    with the first; never look at it again."""
    rows = [lend(book("A"), 91), lend(book("A"), 13), lend(book("A"), 2), lend(book("A"), 3)]
    rows += [lend(book("B"), 13), lend(book("B"), 13), lend(book("C")), lend(book("C"))]
    answer = await sent(librarian, *rows)
    assert became(answer) == [
        ("refused", "too-long"),
        ("refused", "thirteen"),
        ("stored",),
        ("refused", "twice"),
        ("refused", "thirteen"),
        ("refused", "thirteen"),
        ("stored",),
        ("unchanged",),
    ]


async def test_what_rests_on_a_row_that_is_left_out_is_left_out_as_well(librarian, book):
    """Planted bug: judge what is left no more."""
    rows = [
        lend(book("A"), note=book("B")),
        lend(book("B"), note=book("C")),
        lend(book("C"), 13),
        lend(book("D"), note=book("E")),
        lend(book("E")),
    ]
    assert became(await sent(librarian, *rows)) == [
        ("refused", "alone"),
        ("refused", "alone"),
        ("refused", "thirteen"),
        ("stored",),
        ("stored",),
    ]


async def test_thousands_of_rows_about_the_same_are_not_judged_a_thousand_times(
    service, librarian, book
):
    """Planted bug: have them come back without end."""
    rows = [lend(book("A"), 13, note=None, copies=n) for n in range(1_000)]
    with service.messages() as said:
        told = (await sent(librarian, *rows)).json()
    assert (told["refused"], told["stored"]) == (1_000, 0)
    assert sum("SAVEPOINT" in each for each in said) < 100


async def test_a_check_says_what_would_become_of_each_row_and_keeps_nothing(
    service, librarian, book
):
    rows = [lend(book("A")), lend(book("B"), 91), lend(book("A"), 2)]
    before = await state(service)
    checked = await sent(librarian, *rows, mode="check")
    assert (checked.status_code, checked.json()["receipt"]) == (200, None)
    assert await state(service) == before
    done = await sent(librarian, *rows)
    assert became(checked) == became(done)
    assert (checked.json()["mode"], done.json()["mode"]) == ("check", "partial")


async def test_where_no_row_may_be_left_out_a_fault_refuses_all(service, librarian, book):
    """Planted bug: `partial` by default."""
    await sent(librarian, lend(book("A")))
    before = await state(service)
    for rows, kind in (
        ([lend(book("B")), lend(book("C"), 91)], "too-long"),
        ([lend(book("B")), lend(book("C"), 13)], "already-lent"),
        ([lend(book("B")), lend(book("A"))], "too-long"),
        ([lend(book("B")), {}], "malformed-request"),
    ):
        answer = await librarian.post(EACH, json={"loans": rows})
        assert answer.json()["type"] == kind, answer.text
    assert await state(service) == before
    whole = await librarian.post(EACH, json={"loans": [lend(book("B")), lend(book("C"))]})
    assert (whole.status_code, became(whole)) == (201, [("stored",)] * 2)


async def test_what_is_wrong_besides_the_rows_refuses_all_in_every_mode(service, librarian, book):
    """Planted bug: take every refusal for one of rows."""
    before = await state(service)
    for mode in ("all", "partial", "check"):
        body = {"loans": [lend(book("A"))], "desk": "closed"}
        answer = await librarian.post(f"{EACH}?mode={mode}", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/desk")
    assert await state(service) == before


async def test_a_command_in_part_is_repeated_under_its_key(service, librarian, book):
    """Planted bug: a savepoint that ends the claim of the key."""
    key = {"Idempotency-Key": f"in-part-{book('A')}"}
    rows = {"loans": [lend(book("A"), 13), lend(book("B")), lend(book("B"), 2)]}
    first = await librarian.post(f"{EACH}?mode=partial", json=rows, headers=key)
    before = await state(service)
    again = await librarian.post(f"{EACH}?mode=partial", json=rows, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert await state(service) == before


async def test_what_rests_on_a_row_that_comes_back_is_kept_with_it(librarian, book):
    """Planted bug: go on without the rows that may come back."""
    rows = [lend(book("A"), note=book("B")), lend(book("B"), 13), lend(book("B"), 2)]
    assert became(await sent(librarian, *rows)) == [
        ("stored",),
        ("refused", "thirteen"),
        ("stored",),
    ]


drawn = st.lists(
    st.builds(
        lambda name, days, note: (name, days, note),
        st.sampled_from("ABCD"),
        st.sampled_from([1, 1, 2, 13, 91]),
        st.sampled_from([None, None, "A", "B", "C"]),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.prove
async def test_what_is_kept_is_right_together_and_of_what_is_refused_nothing_fits_beside_it(
    librarian, book
):
    """Whatever is drawn. Planted bugs: those above."""

    @given(drawn)
    @settings(max_examples=trials(40, 1_000))
    def judged(found):
        rows = [lend(book(n), d, **({"note": book(o)} if o else {})) for n, d, o in found]
        batches.append((found, rows))

    batches = []
    judged()
    for found, rows in batches:
        told = became(await sent(librarian, *rows, mode="check"))
        kept = [n for n, (outcome, *_) in enumerate(told) if outcome == "stored"]
        assert fits(rows, kept), found
        for n, (outcome, *_) in enumerate(told):
            if outcome == "refused":
                assert not fits(rows, sorted([*kept, n])), (found, n)
            if outcome == "unchanged":
                assert rows[n] in [rows[each] for each in kept if each < n], (found, n)


def fits(rows, places):
    """Say whether the rules take these rows together."""
    loans = [lending.NewLoan.model_validate(rows[place]) for place in places]
    try:
        lending._check_loans(loans, {})
        lending._check_days(loans)
    except Refusal:
        return False
    return True


def test_a_batch_is_published_with_its_modes_and_its_forms(service):
    told = service.app.openapi()["paths"][EACH]["post"]
    [mode] = [each["schema"] for each in told["parameters"] if each["name"] == "mode"]
    assert (mode["enum"], mode["default"]) == (["all", "partial", "check"], "all")
    assert sorted(told["requestBody"]["content"]) == [
        "application/json",
        "application/x-ndjson",
        "text/csv",
    ]
    assert "desk" in [each["name"] for each in told["parameters"]]
