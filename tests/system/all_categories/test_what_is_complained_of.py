"""What becomes of the complaints of a generated year, computed otherwise.

In the long form (`PROVE=1`) 150 of them, a third of citizens without an account.
"""

from itertools import islice

import pytest
from tests.system.all_categories.conftest import COUNTED_ON
from tests.system.complained_otherwise import Complained
from tests.system.generated_year import COMPLAINED
from tests.system.recomputing import different

from kaoping.plan import OFFICE

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def complained(told):
    return Complained(told.plan)


def test_every_move_of_a_complaint_is_made_or_refused_as_computed(supervising, complained):
    """Out of turn, too late, one's own act, not done again yet, one's own cause. Planted bug: what
    nobody is satisfied with is closed without being done again."""
    told = {number: supervising.outcomes[number] for number in complained.outcomes}
    wrong = different(told, complained.outcomes)
    assert not wrong, {n: (supervising.plan.moves[n], both) for n, both in islice(wrong.items(), 9)}
    assert len(complained.courses) == COMPLAINED
    refused = frozenset().union(*complained.outcomes.values())
    assert refused >= {"wrong-state", "own-act", "redo-first", "not-to-be-rated", "own-category"}


def test_every_complaint_stands_as_computed(supervising, complained):
    """State, kind, day, light and whose it is, as the office read them when the year was over.
    Planted bug: days of the calendar are counted as working days."""
    refs = {each: ref for ref, each in supervising.complaining.ids.items()}
    found = {}
    for each in supervising.complaints:
        each["units"] = sorted(each["units"], key=lambda unit: unit["unit"])
        found[refs[each["complaint_id"]]] = each
    expected = {ref: of.stands(COUNTED_ON) for ref, of in complained.courses.items()}
    shown = {ref: {name: of[name] for name in expected[ref]} for ref, of in found.items()}
    wrong = different(shown, expected)
    assert not wrong, f"{len(wrong)}: {dict(islice(sorted(wrong.items()), 5))}"
    assert {each["light"] for each in expected.values()} >= {"none", "red"}


def test_what_was_late_of_a_complaint_is_as_computed(people, supervising, complained):
    """Each of its moves: what it came to, by when it is to be answered, and whether it was late.
    Planted bug: a return moves the day."""
    office, wrong = people[OFFICE], {}
    for ref, course in complained.courses.items():
        told = office.get(f"{supervising.path}/complaints/{supervising.complaining.ids[ref]}")[
            "moves"
        ]
        moves = [(each["move"], each["state"], each["due"], each["late"]) for each in told]
        if moves != course.told():
            wrong[ref] = moves, course.told()
    assert not wrong, f"{len(wrong)}: {dict(islice(wrong.items(), 3))}"
    late = {move for course in complained.courses.values() for move, *_, of in course.told() if of}
    assert late >= {"answer"}
