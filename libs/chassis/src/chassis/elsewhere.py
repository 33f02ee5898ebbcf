"""What another system calls the values of some fields, told beside them in a document.

A document speaks in our codes. Who asks for it gets beside each the code that another system has
for it: null where that has none, and where it has several of which none could be chosen.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from fastapi import Response
from pydantic import MISSING, BaseModel

if TYPE_CHECKING:
    Elsewhere = str | None
    EachElsewhere = dict[str, str | None]
else:
    Elsewhere = str | None | MISSING
    EachElsewhere = dict[str, str | None] | MISSING
"""The types of fields that are told beside another, or beside several, and are not there where
nobody asks."""

NOT_ASKED: Any = MISSING
"""The default of such a field."""

_AS_TOLD = frozenset({"params"})
"""Below these fields nothing is told: they are parts of sentences, and whole as they are."""


class KnownCode(NamedTuple):
    """A code of another system, what it means here, and from which day until just before which."""

    code: str
    ours: str
    valid_from: dt.date | None
    valid_to: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Say whether it means that on a day; a null beginning or end is open."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


class CodesElsewhere:
    """The codes that another system has for ours; without any known, it has ours."""

    def __init__(self, known: Iterable[KnownCode] | None) -> None:
        self._is_ours = known is None
        self._by_ours: dict[str, list[KnownCode]] = {}
        for each in sorted(known or (), key=str):
            self._by_ours.setdefault(each.ours, []).append(each)

    def of(self, ours: str, day: dt.date) -> str | None:
        """Return the one code that means this on a day; None where none does, or several."""
        if self._is_ours:
            return ours
        found = {each.code for each in self._by_ours.get(ours, ()) if each.holds(day)}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def key(self) -> str:
        """A digest by which two of these are told apart."""
        told = repr((self._is_ours, sorted(self._by_ours.items())))
        return hashlib.sha256(told.encode()).hexdigest()


class Beside(NamedTuple):
    """What stands beside the fields of a document: under which name, in whose codes, of which
    day."""

    fields: Mapping[str, tuple[str, CodesElsewhere]]
    day: dt.date

    @property
    def key(self) -> tuple[object, ...]:
        """What tells one document from another that has something else beside its fields."""
        told = ((name, beside, codes.key) for name, (beside, codes) in self.fields.items())
        return self.day, *told

    def of(self, values: Mapping[str, Any], day: dt.date | None = None) -> dict[str, str | None]:
        """Return what stands beside the fields of one object, by the names that it has there."""
        return {
            beside: codes.of(values[name], day or self.day) if values[name] is not None else None
            for name, (beside, codes) in self.fields.items()
            if name in values
        }

    def tell(self, document: Any) -> Any:  # noqa: ANN401 - JSON is anything
        """Return a document of plain JSON, filled with what stands beside its fields."""
        waiting = [document]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                waiting += [each for name, each in value.items() if name not in _AS_TOLD]
                value |= self.of(value)
        return document

    def written(self, document: BaseModel) -> bytes:
        """Return a document as it is sent, with what stands beside its fields."""
        return orjson.dumps(self.tell(document.model_dump(mode="json")))


def page_of(page: BaseModel, beside: Beside | None) -> Response:
    """Return a page as it is sent, with what stands beside the fields of its items, if anything."""
    body = page.model_dump_json().encode() if beside is None else beside.written(page)
    return Response(body, media_type="application/json")
