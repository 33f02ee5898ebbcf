"""Pieces with an identity (去重计件): each counts once a unit, and whose it is has to be plain."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction

from scoring.rules.entries import MEASURED_VALUE, ZERO_REPORT, Entry, unreported
from scoring.rules.facts import Facts
from scoring.rules.gaps import Gap, Reason
from scoring.rules.inputs import COUNT, Inputs, Used

ONE = Fraction(1)


def identity(item: str) -> str:
    """Return what makes two writings of a piece the same: width, case and outer blanks do not.

    Twice to the one form of compatible characters, because folding the case can leave it.
    """
    return unicodedata.normalize("NFKC", _folded(item)).strip()


def _folded(item: str) -> str:
    return unicodedata.normalize("NFKC", item).casefold()


def pieces(facts: Facts, unit: str, indicator: str) -> dict[str, list[Entry]]:
    """Return the entries of each piece of a unit by its identity, in the order of their ids."""
    found: dict[str, list[Entry]] = {}
    for entry in facts.entries(unit, indicator, MEASURED_VALUE):
        if entry.key == COUNT and entry.item is not None:
            found.setdefault(identity(entry.item), []).append(entry)
    return found


def claimants(inputs: Inputs) -> Mapping[str, int]:
    """Return how many units of the category claim each piece."""
    found = Counter[str]()
    for unit in inputs.compared_with():
        found.update(pieces(inputs.facts, unit, inputs.indicator).keys())
    return found


def counted(inputs: Inputs) -> Fraction:
    """Return how many pieces the unit has, each for as much of it as the scheme leaves it.

    Silence is missing; that there is none at all is said by zero reports for the whole year.
    """
    facts, indicator = inputs.facts, inputs.indicator
    own = pieces(facts, inputs.unit, indicator)
    reports = [
        entry
        for entry in facts.entries(inputs.unit, indicator, MEASURED_VALUE)
        if entry.key == ZERO_REPORT
    ]
    reported = [report.period for report in reports]
    if not own and (lacking := unreported(reported, inputs.frequency, facts.year)):
        raise Gap([_silence(lacking if reports else [])])
    for report in reports:
        name = f"{ZERO_REPORT}, {report.period}"
        inputs.used.append(Used(name, "0", "ledger", (report.entry_id,)))
    claims = inputs.shared("claims", lambda: claimants(inputs))
    decision = inputs.params.word("when_shared", "refuse")
    worth = {piece: ONE / claims[piece] if decision == "share" else ONE for piece in own}
    for piece, entries in own.items():
        ids = tuple(entry.entry_id for entry in entries)
        inputs.used.append(Used(_label(entries), "1", "ledger", ids))
        if claims[piece] > 1:
            # Beside the entries, so that a claim of another unit is told as what has changed, and
            # is not told to the unit itself, as the share that is left to it would be.
            inputs.note(f"units that claim {entries[0].item}", str(claims[piece]))
    if decision == "refuse" and (disputed := list(_disputed(own, claims))):
        raise Gap(disputed)
    return sum(worth.values(), Fraction(0))


def _label(entries: list[Entry]) -> str:
    periods = dict.fromkeys(entry.period for entry in entries)
    return ", ".join((f"piece {entries[0].item}", *sorted(periods)))


def _silence(lacking: list[str]) -> Reason:
    en, zh = ", ".join(lacking), "、".join(lacking)
    return Reason(
        f"Neither a piece nor a zero report has been entered{en and f' for {en}'}.",
        f"{zh}既没有计件记录，也没有零报告。",
    )


def _disputed(own: Mapping[str, list[Entry]], claims: Mapping[str, int]) -> Iterator[Reason]:
    """Yield the pieces that others claim too; how many they are, and never who."""
    for piece, entries in own.items():
        if (others := claims[piece] - 1) > 0:
            units = "1 other unit" if others == 1 else f"{others} other units"
            yield Reason(
                f"Piece {entries[0].item} is claimed by {units} too; the scheme lets one have it.",
                f"“{entries[0].item}”另有{others}个单位申报，按方案只能归一个单位。",
                absent=False,
            )
