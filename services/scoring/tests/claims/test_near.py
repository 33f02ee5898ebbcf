"""Claims beside others on documents alike: as comparing each with each says, in as many steps as
there are claims."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from scoring.rules.claims import near
from scoring.rules.claims.awards import Award, likeness
from scoring.rules.claims.near import HeldClaims, NearClaim, NearClaims

CYCLE = UUID(int=0)


@st.composite
def claims(draw):
    """Claims of few documents, numbers, authorities and days, so that many are alike."""
    found = []
    for n in range(draw(st.integers(1, 14))):
        kind = draw(st.sampled_from(["bonus", "deduction"]))
        number, authority = draw(st.sampled_from(["", "1", "2"])), draw(st.sampled_from(["", "a"]))
        dated = draw(st.sampled_from([None, date(2025, 1, 1), date(2025, 1, 2)]))
        # What revokes an award is known by that, whatever its document.
        fingerprint = f"{kind}{number}{dated}" if number else f"{kind}{draw(st.integers(0, 2))}"
        fingerprint = draw(st.sampled_from([fingerprint, "revokes0", "revokes1"]))
        award = Award(fingerprint, kind, number, authority, dated)
        state = draw(st.sampled_from(["handed_in", "confirmed"]))
        share = draw(st.sampled_from([None, Decimal(1)])) if state == "confirmed" else None
        filed = draw(st.sampled_from([None, fingerprint]))
        filed = UUID(int=len(filed) + ord(filed[-1])) if filed else None
        about = (CYCLE, UUID(int=n), f"B{n}", "XQ01", state, share, None, filed)
        found.append(NearClaim(award, *about))
    return found


def compared(one, others):
    """What comparing it with each of them says."""
    like = {each.claim_id: likeness(one.award, each.award) for each in others}
    undated = one.award.dated is None
    found = [
        (each, like[each.claim_id])
        for each in others
        if each.claim_id != one.claim_id
        and like[each.claim_id] not in (None, "same_authority_and_date" if undated else None)
    ]
    same = [each for each, way in found if way == "same_document"]
    similar = [(each, way) for each, way in found if way != "same_document"]
    similar.sort(key=lambda told: told[1] != "same_number")
    most = near.MOST_SHOWN
    more = max(len(same) - most, 0) + max(len(similar) - most, 0)
    return same[:most], similar[:most], more


@given(claims(), st.integers(1, 4))
def test_what_stands_beside_a_claim_is_what_comparing_each_with_each_finds(found, most):
    """Planted bugs: count twice what is alike in two ways; those of a document among the similar;
    itself; what is kept for one document told of another of its number."""
    before, near.MOST_SHOWN = near.MOST_SHOWN, most
    try:
        index = NearClaims(found)
        for one in found:
            same, similar, more = index.beside(one.award, one.cycle_id, one.claim_id)
            assert (same, similar, more) == compared(one, found)
    finally:
        near.MOST_SHOWN = before


@given(claims())
def test_a_claim_waits_for_others_on_its_document_that_were_not_filed_with_it(found):
    """Planted bugs: it waits for itself; for those of its filing; for what counts nowhere."""
    index = HeldClaims(found)
    for one in found:
        waits = one.state == "handed_in" and any(
            each.holds
            and each.award.fingerprint == one.award.fingerprint
            and (one.filed_with is None or each.filed_with != one.filed_with)
            for each in found
            if each.claim_id != one.claim_id
        )
        assert index.is_held(one) == waits


class Counting(Award):
    """A document that counts how often it is looked at."""

    looked = 0

    def __getattribute__(self, name):
        Counting.looked += 1
        return super().__getattribute__(name)


def looks(number):
    """How often documents are looked at so that each of so many claims alike is told of others: all
    of one authority and day, a third on one document, and as many on two others of one number."""
    day, found = date(2025, 1, 1), []
    for n in range(number):
        at = n % 3 and 1 + n % 7
        award = Counting(f"f{at or n}", "bonus", f"{(at and 1) or n}", "a", day)
        found.append(
            NearClaim(award, CYCLE, UUID(int=n), f"B{n}", "XQ01", "confirmed", None, None, None)
        )
    Counting.looked, index = 0, NearClaims(found)
    for each in found:
        index.beside(each.award, CYCLE, each.claim_id)
    return Counting.looked


def test_twice_as_many_claims_alike_are_looked_at_twice_as_often():
    """Planted bug: compare each with each."""
    assert looks(4_000) < 2.5 * looks(2_000)
