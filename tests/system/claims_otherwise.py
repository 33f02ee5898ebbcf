"""What becomes of the claims of a year, computed from its plan alone (加减分申报).

Nothing of the services is used. What a document is, is read off the way the plan writes numbers;
what counts follows from the scheme's words and from what was said when claims were examined.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kaoping.city.generated import leaves
from kaoping.plan import Document, Plan

COUNTING = ("accepted", "accepted_carried_over", "accepted_against_proposal")
NOBODY = "9999-12-31"
NOUGHT = Decimal(0)


def plain(text: str) -> str:
    """Return a text in one width and case, without spaces, and with one kind of dash."""
    told = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[—–‐]", "-", re.sub(r"\s", "", told))


def number_of(document_no: str) -> tuple[str, ...]:
    """Return the agency, year and number of a document, however it is written."""
    digits = plain(document_no).translate(str.maketrans("〇一二三四五六七八九", "0123456789"))
    head = re.match(r"\D+", digits)
    agency = re.sub(r"[^a-z㐀-鿿]|[字第]", "", head[0] if head else "")
    return agency, *(each.lstrip("0") for each in re.findall(r"\d+", digits))


@dataclass
class Awarded:
    """The claims of a year as they are decided about, by the plan."""

    plan: Plan

    @cached_property
    def claims(self) -> list[Document]:
        """All claims, as they compete: by unit and number."""
        return sorted(self.plan.claims, key=lambda each: (each["unit"], each["claim_no"]))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {unit["code"]: unit["name"] for unit in self.plan.units}

    @cached_property
    def _indicators(self) -> dict[str, set[str]]:
        return {
            unit: {leaf["code"] for leaf in leaves(category)} | _tops(category)
            for category in self.plan.scheme["categories"]
            for unit in category["units"]
        }

    def on_one_document(self) -> dict[str, set[str]]:
        """Return the claims that are about the document of each, by their numbers."""
        about = defaultdict[object, set[str]](set)
        for claim in self.claims:
            about[_document(claim)].add(claim["claim_no"])
        return {
            each["claim_no"]: about[_document(each)] - {each["claim_no"]} for each in self.claims
        }

    def held(self) -> set[str]:
        """Return the claims that cannot be confirmed before it is said which award they are about:
        nobody has taken back another on their document."""
        taken_back = {
            number
            for number, ruling in self.plan.rulings.items()
            if ruling.said["decision"] == "withdrawn"
        }
        beside = self.on_one_document()
        return {number for number, others in beside.items() if others - taken_back}

    def proposal(self, claim: Document) -> tuple[str, Decimal]:
        """Return the word of the rules on a claim by itself, and the points of its rule."""
        word = self._word(claim)
        return word, self._worth(claim) or NOUGHT if word in COUNTING else NOUGHT

    def _word(self, claim: Document) -> str:
        is_bonus, day = claim["kind"] == "bonus", claim.get("document_date")
        if day is None or (is_bonus and not claim.get("document_no")):
            return "rejected_no_document"
        if is_bonus and claim["holder_name"] != self._name(claim["unit"], day):
            return "rejected_holder_mismatch"
        if self._worth(claim) is None:
            return "rejected_authority" if is_bonus else "rejected_unknown_rule"
        if is_bonus and claim.get("linked_indicator") not in self._indicators[claim["unit"]]:
            return "rejected_not_linked_to_indicator"
        return self._in_time(day, claim.get("work_year") or self.plan.assessment_year)

    def _name(self, unit: str, day: str) -> str:
        later, since = self.plan.renamed.get(unit, ("", NOBODY))
        return self._names[unit] if day < since else later

    def _worth(self, claim: Document) -> Decimal | None:
        rules = self.plan.scheme["adjustments"]
        if claim["kind"] == "deduction":
            named = (r for r in rules["deductions"]["rules"] if r["code"] == claim["rule"])
            return next((-Decimal(rule["points"]) for rule in named), None)
        level = (r for r in rules["bonus"]["rules"] if r["level"] == claim["level"])
        gives = (rule for rule in level if _gave(claim["authority"], rule["authorities"]))
        return max((Decimal(rule["points"]) for rule in gives), default=None)

    def _in_time(self, day: str, work_year: int) -> str:
        """Return whether a document counts now, as work of this year or of the last, or next year,
        or never."""
        window, year = self.plan.scheme["adjustments"]["window"], self.plan.assessment_year
        next_year = f"{int(window['closes'][:4]) + 1}{window['closes'][4:]}"
        if window["opens"] <= day <= window["closes"]:
            found = {year: "accepted", year - 1: "accepted_carried_over"}
            return found.get(work_year, "rejected_out_of_window")
        is_late = window["closes"] < day <= next_year and work_year == year
        return "carried_to_next_year" if is_late else "rejected_out_of_window"

    def decisions(self) -> dict[str, tuple[str, Decimal]]:
        """Return what became of each claim, and its points in the total."""
        found = {each["claim_no"]: self._decided(each) for each in self.claims}
        for kind in ("bonus", "deduction"):
            of_kind = [each for each in self.claims if each["kind"] == kind]
            _highest_of_events(of_kind, found)
            cap = self.plan.scheme["adjustments"][_PART[kind]]["cap_total"]
            if cap is not None:
                _capped(of_kind, found, Decimal(cap))
        return found

    def _decided(self, claim: Document) -> tuple[str, Decimal]:
        """Return what was decided about a claim by itself."""
        ruling = self.plan.rulings.get(claim["claim_no"])
        said: Document = ruling.said if ruling else {"decision": "confirmed"}
        if said["decision"] != "confirmed":
            return _NOT_CONFIRMED[said["decision"]], NOUGHT
        (word, points), against = self.proposal(claim), said.get("against")
        if against is not None:
            points = Decimal(against["points"]).copy_sign(1 if claim["kind"] == "bonus" else -1)
            word = "accepted_against_proposal"
        elif word not in (*COUNTING, "carried_to_next_year"):
            return word, NOUGHT
        if self.plan.counted_before.get(claim["claim_no"]):
            return "rejected_counted_before", NOUGHT
        if word not in COUNTING:
            return word, NOUGHT
        award = said.get("award", {})
        if award.get("kind") == "same" and award["counts"] != claim["claim_no"]:
            return "rejected_same_award", NOUGHT
        share = award.get("shares", {}).get(claim["claim_no"], "1")
        return word, points * Decimal(share)


_PART = {"bonus": "bonus", "deduction": "deductions"}
_NOT_CONFIRMED = {"rejected": "rejected_by_confirmer", "withdrawn": "withdrawn"}


def _tops(category: Document) -> set[str]:
    """Return the codes of indicators of blocks: an award may be tied to one of them too."""
    return {each["code"] for block in category["blocks"] for each in block["indicators"]}


def _document(claim: Document) -> object:
    """Return what is equal for all claims on one document."""
    kind, number, day = claim["kind"], claim.get("document_no"), claim.get("document_date")
    if number is None:
        return kind, claim["unit"], claim.get("rule"), day
    return kind, number_of(number), day


def _gave(authority: str, listed: list[str]) -> bool:
    """Say whether an authority is made of those listed, and of nothing else."""
    one = "|".join(map(re.escape, sorted(listed, key=len, reverse=True)))
    return re.fullmatch(f"(?:{one})(?:[与和及，、]*(?:{one}))*", plain(authority)) is not None


def _highest_of_events(claims: list[Document], found: dict[str, tuple[str, Decimal]]) -> None:
    """Leave of each event of a unit the weightiest claim; of equals that of the first number."""
    events = defaultdict[object, list[str]](list)
    for claim in claims:
        if found[claim["claim_no"]][1]:
            events[claim["unit"], plain(claim["event_key"])].append(claim["claim_no"])
    for numbers in events.values():
        best = max(numbers, key=lambda number: abs(found[number][1]))
        found.update({n: ("superseded_same_event", NOUGHT) for n in numbers if n != best})


def _capped(claims: list[Document], found: dict[str, tuple[str, Decimal]], cap: Decimal) -> None:
    """Cut what passes the cap of each unit, the lightest first, of equal ones the last number."""
    of_unit = defaultdict[str, list[str]](list)
    for claim in claims:
        of_unit[claim["unit"]].append(claim["claim_no"])
    for numbers in of_unit.values():
        counting = sorted((n for n in numbers if found[n][1]), key=lambda n: -abs(found[n][1]))
        weights = [abs(found[number][1]) for number in counting]
        for place, number in enumerate(counting):
            room = max(cap - sum(weights[:place], NOUGHT), NOUGHT)
            if weights[place] > room:
                found[number] = "accepted_capped", room.copy_sign(found[number][1])
