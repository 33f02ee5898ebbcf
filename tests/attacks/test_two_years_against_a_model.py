"""Targets, letters, claims and highlights of two years against a model of them: whoever moves them,
in any order, both say the same, and nothing counts twice or is lost."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from tests.attacks.told_claims import Ruling
from tests.attacks.years_of_claims import OfClaims, OfHighlights
from tests.attacks.years_of_targets import OfTargets

from chassis import persons
from service_testing.machines import run_machine


class TwoYears(OfTargets, OfClaims, OfHighlights):
    """Everything that two years hold. One rule, because of many some are left out of most runs;
    and some runs are about claims alone, or about targets, to come further."""

    @rule(data=st.data())
    def go_on(self, data):
        claims = [*(self.decide_as_some_may, self.decide) * 3, self.file, self.file]
        claims += [self.withdraw, self.seal, self.feed_back, self.arrive]
        targets = [*(self.go_on_with_a_target, self.sign) * 3, self.draw_up, self.draw_up]
        targets += [self.move_target, self.move_target, self.let_the_deadline_pass]
        highlights = [self.report, self.examine, self.examine]
        about = {"claims": claims, "targets": targets}
        self.one_of(data, *about.get(self.about, claims + targets + highlights))


@pytest.mark.prove
async def test_two_years_and_their_model_say_the_same(two_services):
    """5,000 steps in the long form. Planted bugs: let a claim arrive twice; compare numbers as they
    are written; forget that a letter names versions."""
    await run_machine(TwoYears, two_services, (8, 20), (100, 50))


async def test_without_the_second_person_they_do_not_say_the_same(two_services, monkeypatch):
    """Nothing else of the machine would tell that everybody decides about what is his own."""
    for name in ("is_same", "is_among"):
        monkeypatch.setattr(persons, name, lambda *_: False)
    with pytest.raises(AssertionError, match=r"^\(20\d, .*False\)"):
        await run_machine(TwoYears, two_services, (8, 20), (8, 20))


class ListedPlace(OfClaims):
    """A list names two units; one claims its place twice, and the second claim takes it over."""

    @initialize(across=st.just("each_year"))
    def begin(self, across):
        super().begin("claims", across)

    @rule()
    def go_on(self):
        if self.claims.all:
            return
        for unit in ("X1", "X1", "X2"):
            one = (2025, unit, "bonus", 1, 2025, "own", "provincial", None, f"E{unit}")
            self.file_one(one, "own", 0)
        first, second, other = self.claims.all
        self.rule_on(first, "b", Ruling(award="listed"))
        self.rule_on(second, "b", Ruling(award="same", other=second, reason=True))
        self.both_say_the_same()
        assert second.listed
        self.rule_on(other, "b", Ruling(award="listed"))


async def test_a_listed_place_that_moves_to_another_claim_is_one_of_the_list(two_services):
    """Planted bug: let a listed place be lost to `same`, so that nobody else on the list counts."""
    await run_machine(ListedPlace, two_services, (1, 2), (1, 2))
