"""What becomes of the claims of a year, computed from its plan alone (加减分申报).

Nothing of the services is used. What a document is, is read off the way the plan writes numbers;
what counts follows from the scheme's words and from what was said when claims were examined.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from kaoping.city.generated import leaves
from kaoping.city.particulars import rules_of
from kaoping.plan import Document, Plan

COUNTING = ("accepted", "accepted_carried_over", "accepted_against_proposal")
NOBODY = "9999-12-31"
NOUGHT = Decimal(0)
LAST = Decimal("0.0001")
"""The last decimal that the city shows of points."""

Decisions = dict[str, tuple[str, Decimal]]
"""What became of claims, and their points, by their numbers."""


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

    @cached_property
    def _categories(self) -> dict[str, Document]:
        """Return the category of each unit."""
        categories = self.plan.scheme["categories"]
        return {unit: category for category in categories for unit in category["units"]}

    def _rules(self, claim: Document) -> Document:
        """Return the rules for bonus or deductions that a claim goes by."""
        rules: Document = rules_of(self.plan.scheme, self._categories[claim["unit"]])
        return rules[_PART[claim["kind"]]]

    def rule_of(self, claim: Document) -> Document | None:
        """Return the rule that a claim is about: of several that which gives most."""
        rules = self._rules(claim)["rules"]
        if claim["kind"] == "deduction":
            return next((rule for rule in rules if rule["code"] == claim.get("rule")), None)
        level = [rule for rule in rules if rule["level"] == claim["level"]]
        gives = [rule for rule in level if _gave(claim["authority"], rule["authorities"])]
        return max(gives, key=lambda rule: Decimal(rule["points"]), default=None)

    @cached_property
    def _earlier(self) -> "Awarded | None":
        return Awarded(self.plan.earlier) if self.plan.earlier else None

    @cached_property
    def _came(self) -> Decisions:
        """Return what the claims of the earlier year came to."""
        return self._earlier.decisions() if self._earlier else {}

    def _brought_before(self, claim: Document) -> Decimal:
        """Return what the event of a claim brought its unit in an earlier year."""
        about = ("unit", "kind")
        return sum(
            (
                abs(self._came[each["claim_no"]][1])
                for each in (self._earlier.claims if self._earlier else ())
                if all(each[name] == claim[name] for name in about)
                and plain(each["event_key"]) == plain(claim["event_key"])
            ),
            NOUGHT,
        )

    def _worth(self, claim: Document) -> Decimal | None:
        if "revokes" in claim:
            return -self._came[claim["revokes"]][1]
        rule = self.rule_of(claim)
        if rule is None:
            return None
        points = Decimal(rule.get("by_place", {}).get(claim.get("place"), rule["points"]))
        return -points if claim["kind"] == "deduction" else points

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
        self._beside_each_other("deduction", found)
        self._as_others_fared(found)
        self._beside_each_other("bonus", found)
        return found

    def _beside_each_other(self, kind: str, found: Decisions) -> None:
        """Leave of a unit's claims the highest of each event, within limits and caps."""
        of_kind = [c for c in self.claims if c["kind"] == kind and "revokes" not in c]
        _highest_of_events(of_kind, found)
        by_unit = defaultdict[str, list[Document]](list)
        for claim in of_kind:
            by_unit[claim["unit"]].append(claim)
        for claims in by_unit.values():
            self._limited(claims, found)
            rules = self._rules(claims[0])
            for family in rules.get("families", []):
                named = [
                    c for c in claims if (self.rule_of(c) or {}).get("family") == family["code"]
                ]
                _capped(named, found, Decimal(family["cap"]))
            if rules["cap_total"] is not None:
                _capped(claims, found, Decimal(rules["cap_total"]))

    def _limited(self, claims: list[Document], found: Decisions) -> None:
        """Let of a unit's claims by a rule no more count than it has a limit for."""
        by_rule = defaultdict[str, list[str]](list)
        limits = dict[str, int]()
        for claim in claims:
            rule = self.rule_of(claim) or {}
            if "limit" in rule:
                limits[rule["code"]] = rule["limit"]
                by_rule[rule["code"]].append(claim["claim_no"])
        for code, numbers in by_rule.items():
            for number in _weightiest(numbers, found)[limits[code] :]:
                found[number] = "rejected_over_limit", NOUGHT

    def _as_others_fared(self, found: Decisions) -> None:
        """Hold the bonuses of special targets against what others lost and gain."""
        for category in self.plan.scheme["categories"]:
            rules = rules_of(self.plan.scheme, category)
            own = [claim for claim in self.claims if claim["unit"] in category["units"]]
            for rule in rules["bonus"]["rules"]:
                if "special" in rule:
                    of_rule = [
                        c["claim_no"]
                        for c in own
                        if c["kind"] == "bonus"
                        and self.rule_of(c) == rule
                        and found[c["claim_no"]][0] in COUNTING
                    ]
                    size = len(category["units"])
                    self._held_to(rule["special"], size, own, of_rule, found)

    def _held_to(
        self,
        special: Document,
        size: int,
        own: list[Document],
        of_rule: list[str],
        found: Decisions,
    ) -> None:
        """Cut the bonuses of a special target: enough units lost points, few enough gain some, and
        no more than was lost."""
        losing = [
            claim["claim_no"]
            for claim in own
            if claim["kind"] == "deduction" and claim.get("rule") in special.get("deductions", ())
        ]
        units = {claim["claim_no"]: claim["unit"] for claim in own}
        lost, gain = (_by_unit(numbers, units, found) for numbers in (losing, of_rule))
        most = _may_gain(special, size, len(lost))
        may = {u for u, won in gain.items() if sum(other >= won for other in gain.values()) <= most}
        found.update(
            {n: ("rejected_conditions_not_met", NOUGHT) for n in of_rule if units[n] not in may}
        )
        kept = [number for number in of_rule if units[number] in may]
        total, all_lost = sum(found[n][1] for n in kept), -sum(lost.values(), NOUGHT)
        if special.get("matching") and total > all_lost:
            for number in kept:
                part = (found[number][1] * all_lost / total).quantize(LAST, ROUND_FLOOR)
                found[number] = "accepted_in_part", part

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
        return self._looked_back(claim, word, points * Decimal(share))

    def _looked_back(self, claim: Document, word: str, points: Decimal) -> tuple[str, Decimal]:
        """Return what is left of a claim beside what its event brought in an earlier year."""
        how = self._rules(claim).get("across_years", "each_year")
        before = NOUGHT if how == "each_year" else self._brought_before(claim)
        if not before or not points or "revokes" in claim:
            return word, points
        if how == "excess" and abs(points) > before:
            return word, (abs(points) - before).copy_sign(points)
        return "superseded_same_event", NOUGHT


_PART = {"bonus": "bonus", "deduction": "deductions"}
_NOT_CONFIRMED = {"rejected": "rejected_by_confirmer", "withdrawn": "withdrawn"}


def _by_unit(numbers: list[str], units: dict[str, str], found: Decisions) -> dict[str, Decimal]:
    """Return what some claims come to, of each unit of which they come to anything."""
    worth = defaultdict[str, Decimal](Decimal)
    for number in numbers:
        worth[units[number]] += found[number][1]
    return {unit: points for unit, points in worth.items() if points}


def _may_gain(special: Document, size: int, hit: int) -> int:
    """Return how many units of a category may gain by a special target."""
    if "hit_above" in special and hit <= Decimal(special["hit_above"]) * size:
        return 0
    return int(Decimal(special.get("units_to", 1)) * size)


def _tops(category: Document) -> set[str]:
    """Return the codes of indicators of blocks: an award may be tied to one of them too."""
    return {each["code"] for block in category["blocks"] for each in block["indicators"]}


def _document(claim: Document) -> object:
    """Return what is equal for all claims on one document."""
    kind, number, day = claim["kind"], claim.get("document_no"), claim.get("document_date")
    if "revokes" in claim:
        return kind, claim["revokes"]
    if number is None:
        return kind, claim["unit"], claim.get("rule"), day
    return kind, number_of(number), day


def _gave(authority: str, listed: list[str]) -> bool:
    """Say whether an authority is made of those listed, and of nothing else."""
    one = "|".join(map(re.escape, sorted(listed, key=len, reverse=True)))
    return re.fullmatch(f"(?:{one})(?:[与和及，、]*(?:{one}))*", plain(authority)) is not None


def _highest_of_events(claims: list[Document], found: Decisions) -> None:
    """Leave of each event of a unit the weightiest claim; of equals that of the first number."""
    events = defaultdict[object, list[str]](list)
    for claim in claims:
        if found[claim["claim_no"]][1]:
            events[claim["unit"], plain(claim["event_key"])].append(claim["claim_no"])
    for numbers in events.values():
        best = max(numbers, key=lambda number: abs(found[number][1]))
        found.update({n: ("superseded_same_event", NOUGHT) for n in numbers if n != best})


def _weightiest(numbers: list[str], found: Decisions) -> list[str]:
    """Return those of a unit's claims that count, the weightiest first, of equals the first."""
    return sorted((n for n in numbers if found[n][1]), key=lambda n: (-abs(found[n][1]), n))


def _capped(claims: list[Document], found: Decisions, cap: Decimal) -> None:
    """Cut what passes a cap of a unit's claims, the lightest first, of equal ones the last."""
    counting = _weightiest([claim["claim_no"] for claim in claims], found)
    weights = [abs(found[number][1]) for number in counting]
    for place, number in enumerate(counting):
        room = max(cap - sum(weights[:place], NOUGHT), NOUGHT)
        if weights[place] > room:
            found[number] = "accepted_capped", room.copy_sign(found[number][1])
