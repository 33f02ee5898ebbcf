"""Results of other systems: each counts in one year, whichever that is."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from typing import NamedTuple

from chassis.refusals import Fault, pointer
from scoring.rules.ledger.entries import EXTERNAL_RESULT, LAST_YEAR
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.writing import plain_authority, plain_number
from scoring.rules.scheme.compiled import CompiledIndicator
from scoring.rules.scheme.document import OWN_UNIT, Scheme


class Result(NamedTuple):
    """A result that stands in the ledger of a `period`: about whom and when, in which document."""

    unit: str
    authority: str
    document_no: str
    about_from: date
    about_until: date
    period: str

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it one result, however its document is spelled."""
        document = plain_authority(self.authority), plain_number(self.document_no)
        return (self.unit, *document, self.about_from, self.about_until)


def result_of(draft: Draft) -> Result | None:
    """Return the result that is handed in, None where it lacks something or is none; last year's
    that stands in is counted as such, and known to be the same."""
    authority, document_no = draft.authority, draft.document_no
    first, last = draft.about_from, draft.about_until
    if draft.kind != EXTERNAL_RESULT or draft.stands_in:
        return None
    if authority is None or document_no is None or first is None or last is None:
        return None
    return Result(draft.unit, authority, document_no, first, last, draft.period)


def units_with_results(drafts: Iterable[Draft]) -> set[str]:
    """Return the units about which results are handed in."""
    return {found.unit for found in map(result_of, drafts) if found is not None}


def counted_elsewhere(
    drafts: Mapping[int, Draft], standing: Collection[Result]
) -> Iterator[tuple[int, Fault]]:
    """Yield the rows whose result stands in another year: it would count twice."""
    known = {each.identity: each.period for each in standing}
    for row, draft in drafts.items():
        found = result_of(draft)
        if found is not None and (year := known.get(found.identity)) is not None:
            en = f"This result stands in the ledger of {year}; it counts once."
            zh = f"该结果已在 {year} 年度的台账中，只计一次。"
            at = pointer("entries", row, "document_no")
            yield row, Fault(at, "counts-in-another-year", en, zh)


def late_results(scheme: Scheme, source: str, today: date) -> dict[tuple[str, str], str]:
    """Return of which units a source's results are late so that last year's may stand in for them,
    by unit and indicator, with the name of the indicator."""
    found = dict[tuple[str, str], str]()
    for category in scheme.categories:
        known, compiled = category.indicators(), scheme.compiled_of[category.code]
        for unit, code in product(category.units, compiled):
            by = known[code].data_source_unit
            if source in (by, by == OWN_UNIT and unit) and _is_late(compiled[code], unit, today):
                found[unit, code] = known[code].name
    return found


def _is_late(indicator: CompiledIndicator, unit: str, today: date) -> bool:
    form = indicator.form_for(unit)
    if form is None or form.late != LAST_YEAR or form.closes is None:
        return False
    return today > form.closes
