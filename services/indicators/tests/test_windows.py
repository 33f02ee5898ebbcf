"""Windows of results that come late: those of one year and the next meet."""

import pytest

from indicators.rules.publication import SchemeUnsound, check_windows

FUNCTION = "/categories/0/blocks/0/indicators"
AT = f"{FUNCTION}/0"


def by_system(opens=None, closes=None, late="carry_over"):
    """Changes by which an indicator is scored by another system's results."""
    system = {"late": late, "opens": opens, "closes": closes}
    params = {"kind": "score", "scale": 100, "system": system}
    return {f"{AT}/method": "external_result", f"{AT}/params": params, f"{AT}/per_unit_params": {}}


BEFORE = by_system("2024-03-01", "2025-02-28")


@pytest.mark.parametrize(
    ("before", "now", "follows"),
    [
        (BEFORE, by_system("2025-03-01", "2026-02-28"), True),
        (BEFORE, by_system("2025-03-02", "2026-02-28"), False),
        (BEFORE, by_system("2025-02-28", "2026-02-28"), False),
        (BEFORE, by_system(None, "2026-02-28", "last_year"), True),
        (by_system(None, "2025-02-28", "last_year"), by_system("2025-05-01", "2026-02-28"), True),
        (BEFORE, {}, True),
        ({}, by_system("2025-05-01", "2026-02-28"), True),
        (None, by_system("2025-05-01", "2026-02-28"), True),
    ],
)
def test_a_window_opens_on_the_day_after_the_one_before_it_closes(stored, before, now, follows):
    """Planted bugs: a day between them; a day in both."""
    last = None if before is None else stored(before)
    if follows:
        check_windows(stored(now), last)
        return
    with pytest.raises(SchemeUnsound) as refused:
        check_windows(stored(now), last)
    told = [(each.pointer, each.code) for each in refused.value.faults]
    assert told == [(f"{AT}/params/system/opens", "window-does-not-follow")]


async def test_a_scheme_is_not_published_whose_window_leaves_a_gap(office, document, problem):
    """Planted bugs: ask the scheme of another division; ask none."""
    cycles = []
    for division, year in (("431097", 2024), ("431096", 2024), ("431097", 2025)):
        new = {"name": f"{year}", "jurisdiction": division, "assessment_year": year}
        answer = await office.post("/api/v1/cycles", json=new)
        cycles.append(f"/api/v1/cycles/{answer.json()['cycle_id']}")
    *earlier, now = cycles
    for cycle, closes in zip(earlier, ("2025-02-28", "2025-03-31"), strict=True):
        old = document({"/assessment_year": 2024, **by_system("2024-03-01", closes)})
        for path, body in (("", {"scheme": old}), ("/1/publication", None)):
            answer = await office.post(f"{cycle}/scheme-versions{path}", json=body)
            assert answer.status_code == 201, answer.text
    for version, opens in enumerate(("2025-04-01", "2025-03-01"), 1):
        scheme = document(by_system(opens, "2026-02-28"))
        answer = await office.post(f"{now}/scheme-versions", json={"scheme": scheme})
        assert answer.status_code == 201, answer.text
        answer = await office.post(f"{now}/scheme-versions/{version}/publication")
        if version == 1:
            fault = (f"{AT}/params/system/opens", "window-does-not-follow")
            assert problem(answer) == (422, "scheme-unsound", [fault])
        else:
            assert answer.status_code == 201, answer.text
