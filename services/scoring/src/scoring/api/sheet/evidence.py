"""What a score sheet rests on: everything is read once, and known afterwards by its digest."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from uuid import UUID

from chassis import journal
from chassis.refusals import Fault, Invalid, pointer
from scoring.api.sheet.documents import SheetInputs
from scoring.peers import CycleSatisfaction, CycleTargets, Peers, PublishedScheme
from scoring.rules.claims.checks import OF_UNIT, Claim
from scoring.rules.claims.states import ClaimStanding
from scoring.rules.columns.exact import show
from scoring.rules.corrections.correcting import Correction, uncorrected_ids
from scoring.rules.ledger.entries import Entry
from scoring.rules.scheme.document import Scheme, UnitName
from scoring.rules.sheet.normalising import together

NOBODY_ASKED = CycleSatisfaction(digest=journal.sha256([]), surveys=[])
"""What surveys found where there are none."""


class UnknownCategories(Invalid):
    """The scheme has no such categories."""

    zh = "方案中没有这些类别。"
    remedy = (
        "Look the codes of the categories up in the scheme in force.",
        "请在现行方案中查对类别编码。",
    )


class NormalisedTogether(Invalid):
    """Marks of these categories are put on one scale with those of others."""

    zh = "这些类别的评分须与其他类别统一修正。"
    remedy = (
        "Compute the score sheet of all the categories that the fault names, or of all there are.",
        "请一并计算错误所列的全部类别，或计算全部类别的得分表。",
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What other services say that a score sheet rests on, read once."""

    published: PublishedScheme
    targets: CycleTargets
    satisfaction: CycleSatisfaction
    names: list[UnitName]
    categories: list[str]

    @property
    def units(self) -> list[str]:
        """The units of the chosen categories."""
        return self.published.scheme.units_of(self.categories)

    def inputs(
        self,
        entries: Sequence[Entry],
        claims: Sequence[Claim],
        corrections: Sequence[Correction] = (),
    ) -> SheetInputs:
        """Return the digests of all that the sheet is computed from."""
        return SheetInputs(
            scheme_digest=self.published.digest,
            targets_digest=self.targets.digest,
            satisfaction_digest=self.satisfaction.digest,
            names_digest=journal.sha256(sorted(_texts(name) for name in self.names)),
            ledger_digest=digest_of_ids(uncorrected_ids(entries, corrections, self.units)),
            corrections_digest=corrections_digest(corrections),
            claims_digest=journal.sha256([_claim(claim) for claim in claims]),
        )


def corrections_digest(corrections: Sequence[Correction]) -> str | None:
    """Return the SHA-256 of which corrections count, as that of the ledger; None where none do."""
    ids = sorted(each.correction_id for each in corrections)
    return digest_of_ids(ids) if ids else None


def digest_of_ids(ids: Iterable[UUID]) -> str:
    """Return the SHA-256 of which entries there are, by the bytes of their ids in that order.

    What is in an entry never changes, and the journal vouches for it.
    """
    return hashlib.sha256(b"".join(each.bytes for each in ids)).hexdigest()


async def gather(
    ask: Peers, cycle_id: UUID, wanted: list[str] | None, *, surveys: bool = True
) -> Evidence:
    """Read from the other services what the wanted categories are scored by; without `surveys` as
    though nobody had been asked, for readers who may not know what was said."""
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    categories = chosen(published.scheme, wanted)
    targets = await ask.indicators.targets(cycle_id=cycle_id)
    satisfaction = NOBODY_ASKED
    if surveys:
        satisfaction = await ask.survey.satisfaction(cycle_id=cycle_id)
    units = await ask.indicators.units()
    members = set(published.scheme.units_of(categories))
    names = [name for unit in units if unit.code in members for name in unit.over_time()]
    return Evidence(published, targets, satisfaction, names, categories)


def require_together(evidence: Evidence) -> None:
    """Refuse categories whose marks are put on one scale with those of others that are left out."""
    needed = together(evidence.published.scheme, evidence.categories)
    if left := [code for code in needed if code not in evidence.categories]:
        named = ", ".join(left)
        en = f"Marks are put on one scale with those of: {named}."
        zh = f"评分须与以下类别统一修正：{named}。"
        fault = Fault("/categories", "normalised-together", en, zh)
        raise NormalisedTogether(en, zh, faults=[fault])


def chosen(scheme: Scheme, wanted: Sequence[str] | None) -> list[str]:
    """Return the categories that are wanted, all when none is named, in the scheme's order."""
    known = [category.code for category in scheme.categories]
    faults = [
        Fault(
            pointer("categories", row),
            "unknown-category",
            f"{code} is none of: {', '.join(known)}.",
            f"{code} 不在方案的类别之内：{', '.join(known)}。",
        )
        for row, code in enumerate(wanted or ())
        if code not in known
    ]
    if faults:
        raise UnknownCategories("See the faults.", "见各项错误。", faults=faults)
    return [code for code in known if wanted is None or code in wanted]


def _claim(claim: Claim) -> list[str | None]:
    """Return what was handed in, and what became of it: confirmation, share, withdrawal."""
    apart = ("standing", "scored_in", "corrected", *_ASKED_LATER)
    names = [field.name for field in fields(claim) if field.name not in apart]
    if (claim.place, claim.holder_kind, claim.revokes) != (None, OF_UNIT, None):
        names += _ASKED_LATER
    names += ["scored_in"] if claim.scored_in else []
    told = [getattr(claim, name) for name in names]
    texts = [None if value is None else _text(value) for value in told]
    without = set[str]() if claim.standing.against is not None else {*_ADDED}
    if claim.standing.earlier_points is None:
        without.add(_LOOKED_BACK)
    return texts + _texts(claim.standing, without=without)


# What claims are asked for that were not always is told where it was said.
_ASKED_LATER = ("place", "holder_kind", "revokes", "revoked_points")

# What was decided against the rules, and what an earlier year brought, is told where it is; other
# claims read as they always did.
_LOOKED_BACK = "earlier_points"
_ADDED = ("proposed", "proposed_points", "against")


def _texts(fact: ClaimStanding | UnitName, *, without: Collection[str] = ()) -> list[str | None]:
    """Return the fields of a fact as texts, in their declared order."""
    values = (getattr(fact, field.name) for field in fields(fact) if field.name not in without)
    return [None if value is None else _text(value) for value in values]


def _text(value: object) -> str:
    # Not `normalize`: it would round a number of more digits than the context has.
    return show(value) if isinstance(value, Decimal) else str(value)
