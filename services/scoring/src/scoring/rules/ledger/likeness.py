"""Entries that look like others (疑似重复): told to who enters them, and to the office.

Two entries about one unit are likely the same when unit, indicator, kind, key, item and period are
the same, where an event and what an inspection found are of one kind, and are the same in any
period if they happened on one day; or when both name one document or matter by its number; but not
two places by different indicators in one list of the superior's. Nothing is refused for it.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

from scoring.rules.ledger.entries import EXTERNAL_RESULT, HAPPENED, SUPERIOR_RANK
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.slots import About, StoredEntry
from scoring.rules.ledger.writing import plain_number

By = Literal["same_subject", "same_document"]
"""How two entries are alike."""

SAME_SUBJECT: By = "same_subject"
SAME_DOCUMENT: By = "same_document"

MOST_TOLD = 5
"""How many entries a row is told to be like."""

MOST_NUMBERS = 5
"""By how many numbers of documents an entry is recognised."""

_MOST_BEFORE = 50
"""How many earlier rows with the same mark are looked at."""

_LONGEST = 64
_LONGEST_ORDINAL = 4

# In a text with single blanks: two repetitions that can take the same ones would try all ways to
# share them out.
_NUMERAL = "[0-9〇○零一二三四五六七八九十百]"
_LETTERS = "(?P<letters>[^\\W\\d_]{1,16}) ?"
_SERIAL = f" ?第? ?{_NUMERAL}{{1,6}} ?[号號]"
_NUMBERS = (
    # 云政发〔2025〕12号, whatever brackets and numerals it is written with.
    re.compile(rf"{_LETTERS}[\[(〔【{{<〈《] ?{_NUMERAL}{{2,4}} ?年? ?[\])〕】}}>〉》]{_SERIAL}"),
    re.compile(rf"{_LETTERS}(?:19|20)[0-9]{{2}} ?年?{_SERIAL}"),
    # DB-2025-0131, or WH-20250131.
    re.compile(
        r"(?<![A-Za-z0-9])(?P<letters>[A-Za-z][A-Za-z0-9]{0,9})"
        r"(?:(?:[-/][0-9]{1,8}){2,4}|-[0-9]{5,12})(?![0-9])"
    ),
)
# What stands before a document's number in a sentence, and in none.
_BEFORE = re.compile("据|照|见|按|由|的|与|及|以|为|文件|通知|據|見|為|與|號|号")

_BLANKS = re.compile(r"\s+")
_LOOSE = re.compile("(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
"""Single blanks beside Chinese characters, which people set anywhere."""


def numbers_in(text: str) -> Iterator[str]:
    """Yield the numbers of documents and matters in a text, in the form they are compared."""
    plain = re.sub("[‐‑‒–—―－]", "-", unicodedata.normalize("NFKC", text))
    plain = _LOOSE.sub("", _BLANKS.sub(" ", plain))
    for pattern in _NUMBERS:
        for found in pattern.finditer(plain):
            letters = _BEFORE.split(found["letters"])[-1]
            if letters:
                yield plain_number(letters + found[0][len(found["letters"]) :])[:_LONGEST]


def documents_of(draft: Draft, *, any_item: bool) -> tuple[str, ...]:
    """Return by which documents or matters an entry is recognised: that of the superior's list
    which it is a place in, those that its note names, and its item, where that is a name of its
    own."""
    of_list = [plain_number(draft.document_no or "")[:_LONGEST]]
    named = chain(of_list, numbers_in(draft.note or ""), _own_name(draft, any_item))
    found = dict[str, None]()
    for each in filter(None, named):
        found[each] = None
        if len(found) == MOST_NUMBERS:
            break
    return tuple(found)


def _own_name(draft: Draft, any_item: bool) -> Iterator[str]:
    item = plain_number(draft.item)[:_LONGEST] if any_item and draft.item else ""
    # The third node of one matter is not the third of another.
    is_ordinal = item.isdecimal() and len(item) <= _LONGEST_ORDINAL
    if any(c.isdigit() for c in item) and not is_ordinal:
        yield item


class Likeness(NamedTuple):
    """An entry that another is like: the one that is stored, or an earlier row of its batch.

    `document` is the number that both name, where they are alike by that.
    """

    by: By
    document: str | None
    entry: StoredEntry | None = None
    row: int | None = None


class Mark(NamedTuple):
    """By what an entry is recognised: a document's number, or else what it is about, in the order
    of the ledger's columns.

    Of what happened on one day in any period, the day stands in the place of the period.
    """

    unit: str
    document: str | None
    subject: tuple[str | None, ...] | None


Marks = Mapping[int, Sequence[Mark]]
"""The marks of rows."""


def marks_of(drafts: Mapping[int, Draft], forms: EntryForms) -> dict[int, list[Mark]]:
    """Return by what rows are recognised; marks from seats by nothing, because who gave which is no
    colleague's to read."""
    found = dict[int, list[Mark]]()
    for row, draft in drafts.items():
        if draft.panel is None:
            form = forms.form_of(draft)
            any_item = form is not None and form.any_item
            named = documents_of(draft, any_item=any_item)
            found[row] = [Mark(draft.unit, None, each) for each in _subjects(draft, forms)]
            found[row] += [Mark(draft.unit, each, None) for each in named]
    return found


def _subjects(draft: Draft, forms: EntryForms) -> Iterator[tuple[str | None, ...]]:
    """Yield what a row is about; of an event, where bodies enter findings, what a finding would be
    about that tells of the same, and of a finding the event.

    That comes first: two bodies that tell of one incident are more often alike than two incidents
    that one of them tells of.
    """
    indicator = forms.indicator_of(draft)
    if draft.kind in HAPPENED and indicator is not None and indicator.findings_by:
        for kind in HAPPENED:
            if kind != draft.kind:
                yield from subjects_of(replace(draft, kind=kind))
    yield from subjects_of(draft)


ON_A_DAY = "@"
"""What the day begins with where it stands in the place of a period."""

_FIRST_DAY = date(2000, 1, 1)


class _Happened(About, Protocol):
    @property
    def occurred_on(self) -> date | None: ...


def subjects_of(entry: _Happened) -> list[tuple[str | None, ...]]:
    """Return what an entry is about: in its period and, if it happened on a day, on that day."""
    about = (entry.unit, entry.indicator, entry.kind, entry.key, entry.item)
    days = [] if entry.occurred_on is None else [(entry.occurred_on - _FIRST_DAY).days]
    found = [f"{ON_A_DAY}{day}" for day in days if entry.kind in HAPPENED]
    return [(*about, when) for when in (entry.period, *found)]


Stored = Mapping[Mark, Sequence[StoredEntry]]
"""The stored entries by their marks, the latest first."""


@dataclass(slots=True)
class Alike:
    """What rows that are entered are like, by their positions."""

    marks: Marks = field(default_factory=dict)
    rows: dict[int, list[Likeness]] = field(default_factory=dict)

    def told(self, row: int, reads: Callable[[StoredEntry], bool]) -> list[Likeness]:
        """Return what a row is like, of what its sender reads."""
        found = dict[UUID | int, Likeness]()
        for each in self.rows.get(row, ()):
            other = each.entry
            if other is None:
                found.setdefault(each.row or 0, each)
            elif reads(other):
                found.setdefault(other.entry_id, each)
        return [*islice(found.values(), MOST_TOLD)]

    def kept(self, ids: Mapping[int, UUID]) -> Iterator[tuple[UUID, str, str, UUID | None]]:
        """Yield what is kept of rows with these ids: entry, unit, document ("" for what it is
        about), and the latest entry before it that is like it by that."""
        for row, entry_id in ids.items():
            latest = dict[str, UUID | None]()
            for each in self.rows.get(row, ()):
                like = each.entry.entry_id if each.entry is not None else ids.get(each.row or 0)
                latest.setdefault(each.document or "", like)
            for name, unit in self._names(row).items():
                if name or latest.get(name):
                    yield entry_id, unit, name, latest.get(name)

    def _names(self, row: int) -> dict[str, str]:
        """Return the unit by each document, and by "" for all that a row is about, which is kept
        once."""
        return {mark.document or "": mark.unit for mark in self.marks.get(row, ())}


class _Named(Protocol):
    """An entry, as far as it matters whether one document is of two."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def indicator(self) -> str:
        """The indicator that it is for."""


def _share_a_list(one: _Named, other: _Named, mark: Mark) -> bool:
    """Say whether two entries name one document only because it lists a unit by several
    indicators, as such documents do."""
    both_lists = one.kind == other.kind and one.kind in (SUPERIOR_RANK, EXTERNAL_RESULT)
    return mark.document is not None and both_lists and one.indicator != other.indicator


def alike(
    marks: Marks,
    kept: Mapping[int, Draft],
    stored: Stored,
    leaving: Mapping[int, Collection[UUID]],
) -> Alike:
    """Return what rows that are kept are like: earlier ones of them, the nearest first, then what
    is stored, the latest first; without what a row takes the place of."""
    found, before = Alike(marks), dict[Mark, list[int]]()
    for row, draft in kept.items():
        likes, gone = list[Likeness](), leaving.get(row, ())
        for mark in marks.get(row, ()):
            earlier = before.setdefault(mark, [])
            nearest = {each: kept[each] for each in earlier[: -_MOST_BEFORE - 1 : -1]}
            there = [each for each in stored.get(mark, ()) if each.entry_id not in gone]
            likes += _likenesses(draft, mark, nearest, there)
            # What would tell of the same is sought by the row, and is not what the row is.
            if mark.subject in (None, *subjects_of(draft)):
                earlier.append(row)
        if likes:
            found.rows[row] = likes
    return found


def _likenesses(
    draft: Draft, mark: Mark, nearest: Mapping[int, Draft], there: Iterable[StoredEntry]
) -> Iterator[Likeness]:
    by = SAME_SUBJECT if mark.document is None else SAME_DOCUMENT
    rows = (row for row, each in nearest.items() if not _share_a_list(draft, each, mark))
    for row in islice(rows, MOST_TOLD):
        yield Likeness(by, mark.document, row=row)
    for each in there:
        if not _share_a_list(draft, each, mark):
            yield Likeness(by, mark.document, entry=each)
