"""Who is shown what of a release (公布范围): as the scheme says, to readers of four kinds.

What is left out for a reader is left out wherever that reader asks. Units stand in the order of
their ranks only where ranks are shown: otherwise the order would tell them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chassis.refusals import Conflict, Fault, Forbidden, Invalid, Missing

Audience = Literal["public", "units", "organisers", "whole"]
"""Whom a release is shown to: without signing in, to units, to those who work with it, or whole."""

Line = Mapping[str, Any]
"""A unit of a released ranking, as it stands in the document."""

ASSESSORS = frozenset(
    {"performance_office", "second_body", "committee", "standing_committee", "auditor"}
)
"""The roles that propose or answer, decide, and check: they read what is filed about units."""

AT_WORK = ASSESSORS | {"vice_mayor", "personnel", "budget"}
"""The roles that read a release whole: whoever made, decided or checks it, and acts on it."""

ORGANISERS = frozenset(
    {
        *("organiser", "data_source_unit", "responsible_body", "survey_centre"),
        *("supervision", "statistics"),
    }
)
"""The roles that have a part in the year without deciding about it."""

OWN_REASONS = frozenset(
    {
        *("below_floor", "capped_by_veto", "capped_by_fraud", "outside_quota", "weak_indicators"),
        *("reported_event", "superior_rank", "demotion_not_applied", "not_ranked", "no_score"),
        *("short_sample", "grade_lost"),
        *(f"{kind}_{state}" for kind in ("veto", "demotion") for state in ("reported", "lifting")),
        *("veto_lifted", "demotion_lifted"),
        *("veto_of_earlier_year", "title_barred", "removal_proposed"),
        *("veto_of_predecessor", "lineage_unknown", "block_vetoed", "block_veto_without_effect"),
    }
)
"""Why a unit's result is as it is, where no other unit has a part in that: the others are told only
where reasons are shown."""


class ReleaseInPart(Forbidden):
    """The caller is shown a part of this release."""

    zh = "该公布稿只向调用者公布其中一部分。"
    remedy = (
        "Read what is shown of it: `…/releases/{release}/published`.",
        "请查阅所公布的部分：`…/releases/{release}/published`。",
    )


class NothingPublic(Missing):
    """Nothing of this is shown without signing in."""

    zh = "没有向社会公布的内容。"
    remedy = (
        "Sign in, or wait until something is published to everybody.",
        "请登录后查阅，或待向社会公布后再查阅。",
    )


class CorrectionNoteMissing(Invalid):
    """A release that corrects another says to everybody what was corrected."""

    zh = "更正的公布须附公开说明。"
    remedy = (
        "Say in `correction` what was corrected and why, at least in Chinese.",
        "请在 `correction` 中公开说明更正内容和原因，至少有中文。",
    )


class NothingToCorrect(Conflict):
    """The release replaces no other."""

    zh = "该公布不是更正。"
    remedy = (
        "Leave `correction` out: no release of the category stands before this one.",
        "该类别此前没有公布，请不填 `correction`。",
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What an audience is shown of each unit; of ranks all, or the first places alone."""

    grades: bool = False
    first_places: int | None = None
    ranks: bool = False
    scores: bool = False
    blocks: bool = False
    reasons: bool = False
    highlights: bool = False
    negative_cases: bool = False
    coefficients: bool = False
    uncertainty: bool = False

    def fields(self) -> Iterator[str]:
        """Yield the fields of a line that are shown of every unit."""
        for name, fields in _FIELDS.items():
            if getattr(self, name):
                yield from fields

    def names(self) -> list[str]:
        """Return what is shown, by its names in the scheme."""
        return [name for name in _NAMES if getattr(self, name)]

    def also(self, other: "Shown") -> "Shown":
        """Return what both are shown."""
        firsts = [1 << 31 if each.ranks else each.first_places or 0 for each in (self, other)]
        both = {n: getattr(self, n) and getattr(other, n) for n in _NAMES if n != "first_places"}
        least = 0 if self.ranks and other.ranks else min(firsts)
        return Shown(first_places=least or None, **both)


_FIELDS = {
    "grades": ("grade", "grade_name"),
    "ranks": ("rank", "subcategory", "rank_in_subcategory"),
    "scores": ("base_total", "adjustment", "final_total"),
    "blocks": ("blocks",),
    "reasons": ("reasons", "demoted_by", "vetoes", "vetoes_in_term"),
}
_NAMES = (
    *("grades", "first_places", "ranks", "scores", "blocks", "reasons", "highlights"),
    *("negative_cases", "coefficients", "uncertainty"),
)

ALL = Shown(True, None, True, True, True, True, True, True, True, True)
"""What whoever is signed in is shown where the scheme says nothing else."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is shown to whom: to the public nothing where it is not named, to others everything."""

    public: Shown | None = None
    units: Shown | None = None
    organisers: Shown | None = None

    def tells(self, part: str) -> bool:
        """Say whether a part is shown to any audience that is named."""
        named = (self.public, self.units, self.organisers)
        return any(getattr(each, part) for each in named if each is not None)

    def shown(self, audience: Audience) -> Shown | None:
        """Return what an audience is shown; None for nothing at all."""
        if audience == "public":
            return self.public
        return ALL if audience == "whole" else getattr(self, audience) or ALL


def reads_as(roles: Collection[str]) -> Audience:
    """Return the audience to which a caller who is signed in belongs by his roles."""
    held = frozenset(roles)
    if held & AT_WORK:
        return "whole"
    return "organisers" if held & ORGANISERS else "units"


def audience_of(policy: Publication, roles: Collection[str]) -> Audience:
    """Return as what a caller who is signed in reads a release of this policy: whole where it names
    no part for his audience."""
    audience = reads_as(roles)
    return audience if audience != "whole" and getattr(policy, audience) else "whole"


def lines(units: Sequence[Line], shown: Shown) -> list[dict[str, Any]]:
    """Return what is shown of the units of a document, best first where ranks are shown, those of
    the first places before all others, and else by their codes."""
    fields = [*shown.fields()]
    if shown.ranks:
        return [_line(each, fields) for each in units]
    top = _top(units, shown.first_places or 0)
    told = {each["unit"]: each for each in units}
    rest = sorted(told.keys() - {*top}) if fields else []
    with_rank = [_line(told[unit], [*fields, "rank"]) for unit in top]
    return with_rank + [_line(told[unit], fields) for unit in rest]


def _top(units: Sequence[Line], first: int) -> list[str]:
    """Return the units of the first places, best first."""
    return [each["unit"] for each in units if 1 <= (each["rank"] or 0) <= first]


def own_line(units: Sequence[Line], unit: str | None, shown: Shown) -> dict[str, Any] | None:
    """Return the whole line of the caller's own unit, without reasons that tell of other units
    where these are not shown."""
    found = next((each for each in units if each["unit"] == unit), None)
    if found is None:
        return None
    said = [each for each in found["reasons"] if shown.reasons or _code(each) in OWN_REASONS]
    return {**found, "reasons": said}


def changed(
    before: Iterable[Line], after: Iterable[Line], shown: Shown, names: Collection[str]
) -> list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    """Return the units of which one of the fields of these `names` that is shown is another than in
    the corrected release, by their codes; None on a side where nothing of the unit is shown."""

    def standings(units: Iterable[Line]) -> dict[str, dict[str, Any]]:
        """Return what is shown of where each unit stands."""
        found = lines([*units], shown)
        return {each["unit"]: {n: each[n] for n in names if n in each} for each in found}

    was, now = standings(before), standings(after)
    units = sorted(was.keys() | now.keys())
    return [(u, was.get(u), now.get(u)) for u in units if was.get(u) != now.get(u)]


def refuse_note(predecessor: int | None, *, noted: bool) -> None:
    """Refuse a correction without its note, and a note where nothing is corrected."""
    if predecessor is not None and not noted:
        en, zh = f"It corrects release {predecessor}.", f"该公布更正第{predecessor}号公布。"
        faults = [Fault("/correction", "missing", en, zh)]
        raise CorrectionNoteMissing(en, zh, faults=faults)
    if predecessor is None and noted:
        raise NothingToCorrect("It is the first of its category.", "这是该类别的首次公布。")


def _line(unit: Line, fields: Iterable[str]) -> dict[str, Any]:
    named = ("unit", "unit_in_scheme", "name", *fields)
    return {name: unit[name] for name in named if name in unit}


def _code(reason: object) -> str:
    return reason.get("code", "") if isinstance(reason, Mapping) else ""
