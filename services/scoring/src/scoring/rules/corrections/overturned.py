"""What it costs that an upheld objection overturned an entry (评分被纠正): an event, of the
indicator that the scheme names, of the unit which entered it."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from scoring.rules.corrections.correcting import ADDS, OBJECTION, REMOVES, REPLACES, Correction
from scoring.rules.duties.card_events import NOT_ASSESSED, NOT_TAKEN, CardEvent, by_the_scheme
from scoring.rules.ledger.entries import BY_OFFICE, EVENT
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.scheme.document import Scheme

NO_SCORER = "no-scorer"
OVERTURNED_KEPT_ALONE = (NOT_ASSESSED, NOT_TAKEN, NO_SCORER)
"""Why what was overturned costs nobody: the unit that entered it is not assessed by the indicator,
or takes no such events; the unit itself, or the office, entered it."""


class OverturnedEntry(NamedTuple):
    """An entry that a correction overturned, and the unit that had entered it."""

    correction_id: UUID
    scorer: str
    indicator: str


def overturned(
    origin: str, correction: Correction, author_unit: str | None, scheme: Scheme, today: dt.date
) -> CardEvent[OverturnedEntry] | None:
    """Return the event that the unit which entered what is corrected gets by the scheme, or why
    none; None where nothing is overturned, or costs anything.

    `author_unit` entered the entry of the ledger that is corrected; None where a correction is
    corrected: that is overturned once, with its entry.
    """
    policy = scheme.corrections.overturned
    if policy is None or origin != OBJECTION or author_unit is None:
        return None
    if correction.what not in (REPLACES, REMOVES) or correction.indicator is None:
        return None
    about = OverturnedEntry(correction.correction_id, author_unit, correction.indicator)
    if author_unit in (BY_OFFICE, correction.unit):
        return CardEvent(about, None, NO_SCORER)
    year = scheme.assessment_year
    within = today.year == year
    draft = Draft(
        author_unit,
        policy.indicator,
        EVENT,
        policy.event,
        None,
        f"{year}-{today.month if within else 12:02}",
        Decimal(1),
        None,
        reason_of(about),
        today if within else None,
    )
    return by_the_scheme(about, draft, EntryForms(scheme, today))


def concerned(
    correction: Correction, charged: CardEvent[OverturnedEntry] | None
) -> tuple[str, ...]:
    """Return the units whose scores a correction is about: its own, and the one that it costs."""
    own, draft = correction.unit, charged.draft if charged else None
    return (own,) if draft is None else (own, draft.unit)


def reason_of(each: OverturnedEntry) -> str:
    """Return what is said to the unit that entered it, which learns of no other unit by it."""
    return f"所录入的指标 {each.indicator} 的一条记录经异议复核被纠正"


def charge_of(event: CardEvent[OverturnedEntry], correction_id: UUID) -> Correction | None:
    """Return the correction by which an event counts in a sealed record; None where it is none."""
    draft = event.draft
    if draft is None:
        return None
    names = ("unit", "indicator", "kind", "key", "item", "period", "value", "word", "occurred_on")
    told = {name: getattr(draft, name) for name in names}
    return Correction(correction_id, ADDS, None, **told)
