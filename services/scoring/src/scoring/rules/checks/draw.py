"""The draw of what is checked (复检, 抽查): anybody can redo it from the published lists and seed.

A list is fixed first, with its digest and the source of a seed that nobody knows yet. The order is
that of the SHA-256 of seed and id; drawn are the first ones.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from chassis import persons
from chassis.refusals import Conflict, Fault, Forbidden, Invalid, Missing
from scoring.rules.scheme.document import Check, CheckedUnits, Scheme

SEPARATOR = "|"
"""What stands between the seed and an id; no id has it."""

CHECK_KINDS = ("recheck", "spot_check")

TO_COMMIT, COMMITTED, DRAWN = "to_commit", "committed", "drawn"
CHECK_STATES = (TO_COMMIT, COMMITTED, DRAWN)

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (TO_COMMIT, COMMITTED): "the office fixes the lists and names the source and day of the seed",
    (COMMITTED, DRAWN): "another person of the office tells the seed, from its day on",
}
"""Every step of a check, and what makes it. None is taken back."""


class NoSuchCheck(Missing):
    """The scheme has no such check, or the caller may not know of it."""

    zh = "方案中没有调用者可以查阅的这项复检或抽查。"
    remedy = "Look the code up in the list of checks.", "请在复检抽查清单中查对代码。"


class NoSuchList(Missing):
    """The check has no such list that the caller may read."""

    zh = "该项复检或抽查没有调用者可以查阅的这份名单。"
    remedy = "Look its name up in the check.", "请在该项检查中查对名单名称。"


class ListFixed(Conflict):
    """The lists of a check are fixed once."""

    zh = "抽取名单已经固定，不能重新固定。"
    remedy = (
        "Go on with the lists as they are; a later version of the scheme may name another check.",
        "请沿用已固定的名单；确需另抽的，由方案的新版本另列一项检查。",
    )


class NotCommitted(Conflict):
    """Nothing is drawn before the lists are fixed."""

    zh = "名单尚未固定，不能抽取。"
    remedy = "Have the lists fixed first.", "请先固定名单。"


class DrawnAlready(Conflict):
    """A check is drawn once; its seed is never exchanged."""

    zh = "该项检查已经抽取，种子不能更换。"
    remedy = "Read what was drawn.", "请查阅抽取结果。"


class SeedNotYetOut(Conflict):
    """Nothing is drawn before the day of the seed."""

    zh = "尚未到种子的公布日，不能抽取。"
    remedy = "Tell the seed from its day on.", "请自种子公布日起填报种子。"


class SeedDayRefused(Invalid):
    """The seed is of a day after the one on which the lists are fixed."""

    zh = "种子的公布日须晚于固定名单的当日。"
    remedy = (
        "Name a source whose seed nobody can know yet.",
        "请选用目前无人知晓的种子来源。",
    )


class SeedOfAnotherForm(Invalid):
    """The seed is written in the form that was fixed with the lists: of two ways to write one
    number, each draws others."""

    zh = "种子的写法与固定名单时写明的格式不符。"
    remedy = (
        "Write it as the commitment says: each 9 a digit, # a whole number without leading zeros, "
        "all else as it stands.",
        "请按固定文本写明的格式填写：每个 9 为一位数字，# 为不带前导零的整数，其余照写。",
    )


class SamePersonDraws(Forbidden):
    """Another person than the one who fixed the lists tells the seed."""

    zh = "种子须由固定名单的人以外的另一人填报。"
    remedy = "Have another person of the office tell it.", "请由绩效办另一人填报。"


@dataclass(frozen=True, slots=True)
class FixedList:
    """A list from which the first `draws` ids are drawn: of the units of a category, or of the
    entries of a `unit`. `content` has an id a line, in the order of bytes."""

    name: str
    category: str
    unit: str | None
    draws: int
    content: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the list, as `sha256sum` gives it."""
        return sha256(self.content)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def drawn_of(seed: str, content: str, draws: int) -> list[tuple[str, str]]:
    """Return the drawn ids of a list behind the digests that put them in order."""
    ranked = sorted((sha256(f"{seed}{SEPARATOR}{each}"), each) for each in content.split())
    return ranked[:draws]


def number_of(checked: CheckedUnits, units: int) -> int:
    """Return how many of the units of a category are drawn; of a share the next whole number."""
    if checked.number is not None:
        return min(checked.number, units)
    return units if checked.share is None else ceil(checked.share * units)


def lists_of(
    check: Check, scheme: Scheme, entries: Mapping[str, Collection[str]]
) -> Iterator[FixedList]:
    """Yield the lists of a check: the units of each category, and where entries are drawn those of
    each unit, by the ids in `entries`. Nobody of a category is left out."""
    categories = {each.code: each for each in scheme.categories}
    for checked in check.of:
        units = categories[checked.category].units
        draws = number_of(checked, len(units))
        name = f"units-{checked.category}"
        yield FixedList(name, checked.category, None, draws, _lines(units))
        for unit in units if check.entries is not None else ():
            content, most = _lines(entries.get(unit, ())), check.entries or 0
            yield FixedList(f"entries-{unit}", checked.category, unit, most, content)


def _lines(ids: Iterable[str]) -> str:
    return "".join(f"{each}\n" for each in sorted(ids))


def commitment_of(
    check: Check, scheme_digest: str, seed: tuple[str, str, dt.date], lists: Sequence[FixedList]
) -> str:
    """Return the text by which a check is bound: what it is of, the source, form and day of the
    seed, how many are drawn of each list, and the lists' digests as `sha256sum -c` reads them."""
    source, form, day = seed
    head = [f"check {check.code}", f"kind {check.kind}", f"scheme {scheme_digest}"]
    head += [f"seed_on {day.isoformat()}", f"seed_source {source}", f"{_FORM}{form}"]
    draws = [f"draw {each.draws} {each.name}" for each in lists]
    digests = [f"{each.digest}  {each.name}" for each in lists]
    return "".join(f"{line}\n" for line in [*head, *draws, *digests])


_FORM = "seed_form "


def form_of(content: str) -> str | None:
    """Return in which form the text that binds a check has the seed written; None where it is of
    before forms were named."""
    lines = (each for each in content.splitlines() if each.startswith(_FORM))
    return next((each.removeprefix(_FORM) for each in lines), None)


def check_form(form: str) -> None:
    """Refuse a form of a seed that has no digit, or by which one number could be read in two
    ways."""
    if re.search("#[0-9#]|[0-9]#", form):
        en, zh = "No digit and no other # stands beside a #.", "# 前后不得紧接数字或 #。"
        raise SeedOfAnotherForm(en, zh, faults=[Fault("/seed_form", "two-ways", en, zh)])
    if not {"9", "#"} & {*form}:
        en = "It says by 9 and # where the digits of the seed are."
        zh = "须用 9 或 # 写明种子的数字位置。"
        raise SeedOfAnotherForm(en, zh, faults=[Fault("/seed_form", "no-digits", en, zh)])


def check_seed(seed: str, form: str | None) -> None:
    """Refuse a seed that is written in another form than the one that was fixed: each 9 is a digit,
    each # a whole number without leading zeros, and everything else is as it stands."""
    if form is None:
        return
    signs = {"9": "[0-9]", "#": "(?:0|[1-9][0-9]*)"}
    wanted = "".join(signs.get(each) or re.escape(each) for each in form)
    if not re.fullmatch(wanted, seed):
        en, zh = f"It is written as {form}.", f"应按 {form} 的格式填写。"
        raise SeedOfAnotherForm(en, zh, faults=[Fault("/seed", "other-form", en, zh)])


def draw_digest(commitment: str, seed: str) -> str:
    """Return the digest of a draw: another commitment or another seed has another one."""
    return sha256(f"{commitment}\n{seed}\n")


def check_seed_day(seed_on: dt.date, today: dt.date, latest: dt.date) -> None:
    """Refuse a seed that may be known already, or that comes when nothing is checked any more."""
    if today < seed_on <= latest:
        return
    en = f"It is {today} today; the seed is of a day from tomorrow to {latest}."
    zh = f"今日为 {today}，种子公布日应在次日至 {latest} 之间。"
    raise SeedDayRefused(en, zh, faults=[Fault("/seed_on", "day-outside", en, zh)])


def check_drawing(
    committer: str, person: str, seed_on: dt.date, today: dt.date, *, drawn: bool
) -> None:
    """Refuse a second draw, one before the day of the seed, and one by whoever fixed the lists."""
    if drawn:
        raise DrawnAlready("Its seed has been told.", "种子已经填报。")
    if persons.is_same(committer, person):
        raise SamePersonDraws("You fixed the lists.", "名单由您固定。")
    if today < seed_on:
        raise SeedNotYetOut(
            f"The seed is of {seed_on}; it is {today} today.",
            f"种子公布日为 {seed_on}，今日为 {today}。",
        )
