"""Examples of docs/schemes.md as whole schemes: published, entered, scored and ranked by the rules
of all services, without a database."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain, count
from typing import Any
from uuid import UUID

import yaml
from pydantic import TypeAdapter
from tests.contracts.publish import ROOT

from indicators.rules.compiled import CompiledScheme, compile_scheme
from indicators.rules.draft import complete
from indicators.rules.publication import check_sound
from indicators.rules.scheme import Scheme
from ranking.rules.reports import Report
from ranking.rules.results import UnitResult, results
from ranking.rules.scheme import Scheme as RankedScheme
from ranking.rules.sheet import UnitSheet, marks_to_rank
from scoring.rules.claims.checks import Claim
from scoring.rules.claims.intake import check_claims
from scoring.rules.claims.states import AWAITING, WHOLE
from scoring.rules.ledger.batch import check_batch
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.seats import Author
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.scheme.document import OWN_UNIT, Target, UnitName
from scoring.rules.scheme.document import Scheme as ScoredScheme
from scoring.rules.sheet.record import written
from scoring.rules.sheet.year import Computation, compute

SMALL = ROOT / "services/indicators/tests/small-scheme.json"
PAGE = ROOT / "docs/schemes.md"
Document = dict[str, Any]


def exact(value: Any) -> Any:
    """Return what was read from YAML with decimals as they were written."""
    if isinstance(value, dict):
        return {str(key): exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    return Decimal(str(value)) if isinstance(value, float) else value


def examples(heading: str) -> list[Document]:
    """Return the examples below a heading of the page, which begins with these words."""
    sections = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    (section,) = [each for each in sections if each.startswith(heading)]
    found = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    return [exact(yaml.load(block, yaml.CSafeLoader)) for block in found]


class Example:
    """A scheme of the page with all that it leaves out, and what was entered for it.

    Where its categories name no blocks they have one. Its bodies are registered, and a unit's name
    is its code.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        document = json.loads(SMALL.read_text("utf-8"), parse_float=Decimal)
        document |= {
            "surveys": [],
            "rounding": given.get("rounding", document["rounding"]),
            "panels": given.get("panels", []),
            "categories": [_category(each) for each in given["categories"]],
            "composition": given.get("composition")
            or {"parts": ["function"], "bonus": True, "deductions": True},
            "adjustments": given.get("adjustments", document["adjustments"]),
            "demotions": given.get("demotions", []),
            "ranking": {"tie_break": [], "ties": "same_rank_skip"} | given.get("ranking", {}),
            "grades": document["grades"] | given.get("grades", {}),
        }
        self.scheme: Scheme = complete(TypeAdapter(Scheme).validate_python(document))
        self.kinds = {u: "assessed" for each in self.scheme.categories for u in each.units}
        self.kinds |= {"B01": "body", "B02": "body"}
        self.given = given

    def publish(self) -> None:
        """Refuse the scheme as its publication would."""
        check_sound(self.scheme, self.kinds)

    def scored_scheme(self) -> ScoredScheme:
        """Return the scheme as scoring reads it, with what its owner compiles."""
        compiled = TypeAdapter(CompiledScheme).dump_python(
            compile_scheme(self.scheme), mode="json", by_alias=True
        )
        document = TypeAdapter(Scheme).dump_python(self.scheme, mode="json", by_alias=True)
        return TypeAdapter(ScoredScheme).validate_python({**document, "compiled": compiled})

    def compute(self) -> Computation:
        """Return what the scheme comes to; what is entered has to be taken from its source."""
        scheme, drafts = self.scored_scheme(), list(self._drafts())
        of = {u: each.indicators() for each in scheme.categories for u in each.units}
        for draft in drafts:
            named = of[draft.unit][draft.indicator].data_source_unit
            check_batch([draft], scheme, Author(draft.unit if named == OWN_UNIT else named))
        numbers, marks = count(1), self.marks()
        for account, given in marks.items():
            seat = next(s for p in scheme.panels for s in p.seats if s.account == account)
            check_batch(given, scheme, Author(seat.unit, account, account))
        entries = [
            Entry(UUID(int=next(numbers)), *draft.slot, draft.value, draft.word, panel=draft.panel)
            for draft in [*drafts, *chain(*marks.values())]
        ]
        targets = [
            Target(unit, code, None, Decimal(value), None)
            for unit, aims in self.given.get("targets", {}).items()
            for code, value in aims.items()
        ]
        return compute(
            scheme,
            [each.code for each in scheme.categories],
            entries=entries,
            targets=targets,
            satisfaction={},
            claims=list(self._claims()),
            names=[UnitName(unit, unit, date(2000, 1, 1), None) for unit in of],
        )

    def ranked(self, category: str) -> list[UnitResult]:
        """Return the ranking of a category, by what is reported of its units too."""
        document = TypeAdapter(Scheme).dump_json(self.scheme, by_alias=True)
        scheme = TypeAdapter(RankedScheme).validate_json(document)
        of = scheme.category(category)
        written_sheets = [written(each) for each in self.compute().sheet.units]
        sheets = TypeAdapter(list[UnitSheet]).validate_python(written_sheets)
        composition, leave_out = scheme.composition_of(of), scheme.leaves_out(of)
        marks = marks_to_rank(sheets, of, composition, leave_out=leave_out)
        told = [self._reports(kind) for kind in ("vetoes", "demotions")]
        return results(scheme, of, marks, {}, vetoes=told[0], demotions=told[1])

    def _reports(self, kind: str) -> list[Report]:
        given = self.given.get("reports", {}).get(kind, ())
        return [Report(each["unit"], each["code"], "1号", date(2026, 2, 1), None) for each in given]

    def _claims(self) -> Iterator[Claim]:
        blank = dict.fromkeys(("level", "authority", "holder_name", "linked_indicator", "rule"))
        for n, given in enumerate(self.given.get("claims", ())):
            award = {"holder_name": given["unit"]} if given["kind"] == "bonus" else {}
            numbered = {"claim_id": UUID(int=n), "work_year": 2025, "event_key": f"E{n}"}
            claim = Claim(**(blank | numbered | award | given), standing=WHOLE)
            check_claims([replace(claim, standing=AWAITING)], self.scored_scheme())
            yield claim

    def marks(self) -> dict[str, list[Draft]]:
        """Return the marks that each account gives from its seat."""
        forms = EntryForms(self.scored_scheme())
        found: dict[str, list[Draft]] = {}
        for unit, of_unit in self.given.get("marks", {}).items():
            for code, by_seat in of_unit.items():
                for seat, value in by_seat.items():
                    about = (unit, code, "panel_mark", None, seat, "2025")
                    (draft,) = forms.seated([Draft(*about, Decimal(value), None, note="理由")])
                    holder = forms.seat_of(draft.panel or "", seat)
                    assert holder is not None
                    found.setdefault(holder.account, []).append(draft)
        return found

    def _drafts(self) -> Iterator[Draft]:
        for unit, of_unit in self.given.get("entries", {}).items():
            for code, values in of_unit.items():
                for named, value in values.items():
                    key, _, ending = named.partition("@")
                    about = (unit, code, "measured_value", key, None, f"2025{ending}")
                    yield Draft(*about, Decimal(value), None)


def _category(given: Mapping[str, Any]) -> Document:
    named = given.get("blocks") or [{"code": "function", "indicators": given["indicators"]}]
    blocks = [_block(each) for each in named]
    total = sum(block["points"] for block in blocks)
    kept = {name: value for name, value in given.items() if name not in {"indicators", "blocks"}}
    return {"name": given["code"], "organiser": "B01", "total": total, "blocks": blocks, **kept}


def _block(given: Mapping[str, Any]) -> Document:
    indicators = [{"frequency": "yearly", **each} for each in given["indicators"]]
    total = sum(Decimal(each["points"]) for each in indicators)
    return {"name": given["code"], "points": total, **given, "indicators": indicators}
