"""The JSON Schema (2020-12) of one entry for an indicator: what a form on a screen is made of.

It takes exactly what the intake takes in form; entries beside which another stands, and days that
lie outside of a period, are found by the intake alone. `title` is Chinese, `x-title-en` English.
Numbers are written as JSON numbers; the intake takes the same digits in a text as well.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from chassis.refusals import Missing
from indicators.rules.compiled import CompiledCategory, CompiledScheme
from indicators.rules.entry_forms import Asked, check_asked
from indicators.rules.forms import (
    DONT_KNOW,
    ENDINGS,
    KINDS,
    OCCURRED,
    PUBLISHED,
    RECEIVED,
    ZERO_REPORT,
    EntryForm,
    NodeForm,
)
from indicators.rules.scheme import Category, Indicator, Scheme

JsonSchema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DECLARED = "not_applicable"
_NOTHING: JsonSchema = {"type": "null"}
_TITLES: Mapping[str, tuple[str, str]] = {
    "unit": ("被评估单位", "assessed unit"),
    "indicator": ("指标", "indicator"),
    "kind": ("记录类型", "kind of entry"),
    "key": ("录入项", "what is entered"),
    "item": ("分项", "item"),
    "period": ("期间", "period"),
    "value": ("数值", "value"),
    "word": ("状态或等级", "status or grade"),
    "occurred_on": ("发生日期", "day"),
    "listed": ("参加排名的数量", "how many were ranked"),
    "published_value": ("公布的数值", "value as it was published"),
    "document_no": ("文号", "number of the document"),
    "document_date": ("发文日期", "date of the document"),
    "authority": ("发文机关", "who issued the document"),
    "about_from": ("结果所涉起始日", "first day that it is about"),
    "about_until": ("结果所涉截止日", "last day that it is about"),
    "note": ("说明", "note"),
    "source_ref": ("来源记录号", "name of the record in the system that sends it"),
}
_WORDS: Mapping[str, tuple[str, str]] = {
    ZERO_REPORT: ("零报告", "nothing happened"),
    DONT_KNOW: ("不了解", "does not know"),
}
_KINDS: Mapping[str, tuple[str, str]] = {
    **{str(kind): names for kind, names in KINDS.items()},
    _DECLARED: ("不适用", "not applicable"),
}


class NoEntryForm(Missing):
    """The scheme takes no entries for this indicator."""

    zh = "方案不接收该指标的台账记录。"
    remedy = (
        "Nothing is to be entered here: the indicator is computed, or has sub-indicators that "
        "take the entries.",
        "此处无需录入：该指标由计算得出，或由其下级指标录入。",
    )


def entry_schema(
    scheme: Scheme, compiled: CompiledScheme, indicator: str, unit: str | None
) -> JsonSchema:
    """Return the schema of one entry for an indicator, of one unit or of all that have it; refuse
    an indicator, or a unit, for which nothing is entered."""
    check_asked(scheme, compiled, Asked(unit=unit))
    pairs = zip(scheme.categories, compiled.categories, strict=True)
    asked = [
        (_indicator(category, indicator), form, units)
        for category, one in pairs
        for form, units in _forms(one, category.units, indicator, unit)
    ]
    if not asked:
        raise NoEntryForm(f"Nothing is entered for {indicator}.", f"指标 {indicator} 无须录入。")
    found = [schema for known, form, of in asked for schema in _variants(scheme, known, form, of)]
    examples = [each for one in found for each in one.pop("examples")]
    alone = found[0] if len(found) == 1 else {"oneOf": found}
    first = asked[0][0]
    told = {"title": first.name, "x-title-en": first.name_en or first.code}
    return {"$schema": DIALECT, **told, **alone, "examples": examples}


def _forms(
    compiled: CompiledCategory, units: Sequence[str], indicator: str, unit: str | None
) -> list[tuple[EntryForm, list[str]]]:
    """Return the forms of an indicator in a category, each with the units that have it."""
    taken = [each for each in compiled.indicators if each.indicator == indicator]
    found = list[tuple[EntryForm, list[str]]]()
    for each in units if unit is None else {unit}.intersection(units):
        form = taken[0].takes_of_unit.get(each, taken[0].takes) if taken else None
        if form is None:
            continue
        same = next((of for other, of in found if other == form), None)
        if same is None:
            found.append((form, [each]))
        else:
            same.append(each)
    return found


def _indicator(category: Category, code: str) -> Indicator:
    return next(each for each in category.walk() if each.code == code)


def _variants(
    scheme: Scheme, indicator: Indicator, form: EntryForm, units: Sequence[str]
) -> Iterator[JsonSchema]:
    yield _Form(scheme, indicator, form, units).schema()
    if indicator.may_be_not_applicable:
        yield _declaration(scheme, indicator, units)


def _declaration(scheme: Scheme, indicator: Indicator, units: Sequence[str]) -> JsonSchema:
    """Return the schema of an entry that says: the unit has no such business (不适用)."""
    year = str(scheme.assessment_year)
    fields: JsonSchema = {
        "unit": {"enum": list(units)},
        "indicator": {"const": indicator.code},
        "kind": _kind(_DECLARED),
        "period": {"enum": [year, None]},
        "note": _reason(),
        **dict.fromkeys(("key", "item", "value", "word", "occurred_on"), _NOTHING),
    }
    about = {"unit": units[0], "indicator": indicator.code, "kind": _DECLARED}
    example = about | {"note": "无此项业务"}
    return _object(fields, ["unit", "indicator", "kind", "note"], [], [example])


def _object(
    fields: Mapping[str, JsonSchema],
    required: Sequence[str],
    conditions: Sequence[JsonSchema],
    examples: Sequence[JsonSchema],
) -> JsonSchema:
    told = (*_OF_A_LIST, *_OF_A_RESULT)
    given = {**dict.fromkeys(told, _NOTHING), "source_ref": _RECORD, **fields}
    titled = {name: _titled(_TITLES[name], given[name]) for name in _TITLES}
    made: JsonSchema = {
        "type": "object",
        "properties": titled,
        "required": list(required),
        "additionalProperties": False,
        "examples": list(examples),
    }
    return {**made, "allOf": list(conditions)} if conditions else made


def _titled(names: tuple[str, str], schema: JsonSchema) -> JsonSchema:
    return {"title": names[0], "x-title-en": names[1], **schema}


def _kind(kind: str) -> JsonSchema:
    return {"oneOf": [_titled(_KINDS[kind], {"const": kind})]}


_RECORD: JsonSchema = {"type": ["string", "null"], "maxLength": 128, "pattern": r"^\S+$"}


_OF_A_LIST: Mapping[str, JsonSchema] = {
    "listed": {"type": "integer", "minimum": 1, "maximum": 100_000},
    "published_value": {"type": ["number", "null"]},
    "document_no": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": r"\S"},
    "document_date": {"type": "string", "format": "date"},
}
"""What a list of the superior says besides a unit's place in it."""

_OF_A_RESULT: Mapping[str, JsonSchema] = {
    "document_no": _OF_A_LIST["document_no"],
    "document_date": _OF_A_LIST["document_date"],
    "authority": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": r"\S"},
    "about_from": {"type": "string", "format": "date"},
    "about_until": {"type": "string", "format": "date"},
}
"""What the result of another system says besides itself."""

_REQUIRED_OF_A_LIST = ("listed", "document_no", "document_date")


def _reason() -> JsonSchema:
    return {"type": "string", "minLength": 1, "maxLength": 2000, "pattern": r"\S"}


_WITH_REASON: JsonSchema = {"properties": {"note": _reason()}, "required": ["note"]}


def _when(
    name: str, value: str, *, then: JsonSchema, otherwise: JsonSchema | None = None
) -> JsonSchema:
    """Return the condition on what else holds where a field has a value."""
    made = {
        "if": {"properties": {name: {"const": value}}, "required": [name]},
        "then": then,
    }
    return made if otherwise is None else {**made, "else": otherwise}


class _Form:
    """The schema of the entries of one form, field by field."""

    def __init__(
        self, scheme: Scheme, indicator: Indicator, form: EntryForm, units: Sequence[str]
    ) -> None:
        self.form, self.indicator, self.units = form, indicator, units
        self.year = str(scheme.assessment_year)
        idle = form.kind == "event" and not scheme.ledger.zero_report_required
        self.keys = [key for key in form.keys if not (idle and key == ZERO_REPORT)]
        self.zero = ZERO_REPORT in self.keys
        self.has_value = form.valued and not form.words
        self.seats = {
            seat.seat: (seat.unit or "")
            for panel in scheme.panels
            if panel.code == form.panel
            for seat in panel.seats
        }

    def schema(self) -> JsonSchema:
        """Return it, with an example."""
        form = self.form
        fields: JsonSchema = {
            "unit": {"enum": list(self.units)},
            "indicator": {"const": self.indicator.code},
            "kind": _kind(form.kind),
            "key": self._options(self.keys) if form.keys else _NOTHING,
            "item": self._item(),
            "period": self._period(form.endings),
            "value": self._value(),
            "word": self._word(),
            "occurred_on": self._day(),
            "note": _reason() if form.noted else {**_reason(), "type": ["string", "null"]},
        }
        if form.panel is not None:  # a mark is given by a person
            fields["source_ref"] = _NOTHING
        if form.dated == PUBLISHED:
            fields |= _OF_A_LIST
        if form.dated == RECEIVED:
            ranked = {"listed": _OF_A_LIST["listed"]} if form.ranked else {}
            fields |= {**_OF_A_RESULT, **ranked}
        if form.endings_of_key:  # each key has its own, see below
            fields["period"] = {"type": ["string", "null"]}
        required = ["unit", "indicator", "kind", *self._wanted()]
        return _object(fields, required, list(self._conditions()), [self._example()])

    def _wanted(self) -> Iterator[str]:
        form = self.form
        counts = form.instead is None and form.kind != "event" and not self.zero
        wanted = {
            "key": bool(form.keys),
            "item": bool(form.items) or (form.any_item and not self.zero),
            "word": bool(form.words) and not form.by_day,
            "value": self.has_value and counts,
            "note": form.noted,
            **dict.fromkeys(self._told(), True),
            "period": not form.endings_of_key and "" not in form.endings,
        }
        return (name for name, is_wanted in wanted.items() if is_wanted)

    def _told(self) -> tuple[str, ...]:
        """Return what is wanted of the document that an entry rests on."""
        if self.form.dated == PUBLISHED:
            return ("occurred_on", *_REQUIRED_OF_A_LIST)
        if self.form.dated == RECEIVED:
            ranked = ("listed",) if self.form.ranked else ()
            return ("occurred_on", *ranked, *_OF_A_RESULT)
        return ()

    def _options(self, codes: Sequence[str]) -> JsonSchema:
        names = {node.item: (node.name, node.name) for node in self.form.nodes}
        options = [
            _titled(names.get(code) or _WORDS.get(code, (code, code)), {"const": code})
            for code in codes
        ]
        return {"oneOf": options} if options else {"enum": []}

    def _item(self) -> JsonSchema:
        if self.form.any_item:
            kinds = ["string", "null"] if self.zero else "string"
            return {"type": kinds, "minLength": 1, "maxLength": 64, "pattern": r"\S"}
        return self._options(self.form.items) if self.form.items else _NOTHING

    def _period(self, endings: Sequence[str]) -> JsonSchema:
        periods: list[str | None] = [self.year + each for each in endings]
        return {"enum": [*periods, None] if "" in endings else periods}

    def _word(self) -> JsonSchema:
        form = self.form
        if form.words:
            options = self._options(form.words)
            return {"anyOf": [options, _NOTHING]} if form.by_day else options
        if form.instead is not None:
            return {"anyOf": [self._options([form.instead]), _NOTHING]}
        return _NOTHING

    def _value(self) -> JsonSchema:
        if not self.has_value:
            return _NOTHING
        form, measured = self.form, dict[str, Any]()
        if self.indicator.measure is not None:
            measured = {"x-measure": self.indicator.measure}
        if self.zero or form.instead is not None or form.kind == "event":
            return {"type": ["number", "null"], **measured}
        return {**self._counted(), **measured}

    def _counted(self) -> JsonSchema:
        """Return the schema of a number that is a value and no report that there was none."""
        form = self.form
        made: JsonSchema = {"type": "integer" if form.whole else "number"}
        if form.low is not None:
            made["minimum"] = form.low
        if form.high is not None:
            made["maximum"] = form.high
        steps = [
            {"title": step.text, "minimum": step.low, "maximum": step.high} for step in form.rubric
        ]
        if steps:
            made["anyOf" if form.only_steps else "x-rubric"] = steps
        return made

    def _day(self) -> JsonSchema:
        form, node = self.form, any(each.opens for each in self.form.nodes)
        if form.dated is None and not (node or form.by_day):
            return _NOTHING
        if form.dated == PUBLISHED:  # the last list of a year appears in the next one
            return {"type": "string", "format": "date", "formatMinimum": f"{self.year}-01-01"}
        if form.dated == RECEIVED:
            return {"type": "string", "format": "date", **self._window()}
        bounds = {"formatMaximum": f"{self.year}-12-31"}
        if form.dated == OCCURRED or form.dated is None:
            bounds["formatMinimum"] = f"{self.year}-01-01"
        return {"type": ["string", "null"], "format": "date", **bounds}

    def _window(self) -> JsonSchema:
        """Return on which days a result may have come that counts here."""
        if self.form.opens is None or self.form.closes is None:
            return {}
        days = {"formatMinimum": self.form.opens, "formatMaximum": self.form.closes}
        return {name: day.isoformat() for name, day in days.items()}

    def _conditions(self) -> Iterator[JsonSchema]:
        form = self.form
        if form.endings_of_key:
            yield from (self._endings(key) for key in self.keys)
        if self.zero:
            yield _when("key", ZERO_REPORT, then=self._of_zero(), otherwise=self._of_others())
        elif self.has_value and (form.instead is not None or form.kind == "event"):
            yield self._of_others()
        if not form.noted:
            yield from self._comments()
        yield from self._of_nodes()
        if form.dated == PUBLISHED:
            yield from self._of_lists()
        if form.excludes_own_unit:
            yield from self._own_units()

    def _of_lists(self) -> Iterator[JsonSchema]:
        """Yield that a list of a part of the year appears once that is over."""
        for ending in filter(None, self.form.endings):
            day = {"format": "date", "formatMinimum": self._day_after(ending)}
            yield _when("period", self.year + ending, then={"properties": {"occurred_on": day}})

    def _comments(self) -> Iterator[JsonSchema]:
        form = self.form
        for bound, of in (("maximum", form.comment_low), ("minimum", form.comment_high)):
            if of is not None:
                number = {"type": "number", bound: of}
                about = {"properties": {"value": number}, "required": ["value"]}
                yield {"if": about, "then": _WITH_REASON}

    def _own_units(self) -> Iterator[JsonSchema]:
        for seat, unit in self.seats.items():
            if unit in self.units:
                another = {"unit": {"not": {"const": unit}}}
                yield _when("item", seat, then={"properties": another})

    def _endings(self, key: str) -> JsonSchema:
        endings = self.form.endings_for(key)
        then: JsonSchema = {"properties": {"period": self._period(endings)}}
        return _when("key", key, then=then if "" in endings else {**then, "required": ["period"]})

    def _of_zero(self) -> JsonSchema:
        fields: JsonSchema = {"value": {"enum": [0, None]}, "occurred_on": _NOTHING}
        return {"properties": fields | ({"item": _NOTHING} if self.form.any_item else {})}

    def _of_others(self) -> JsonSchema:
        """Return what holds of an entry that is no zero report."""
        form, number = self.form, self._counted()
        wanted = ["item"] if form.any_item else []
        if form.kind == "event":
            number = {"anyOf": [number, _NOTHING]}  # it counts once
        else:
            wanted.append("value")
        fields: JsonSchema = {"value": number}
        if form.any_item:
            fields["item"] = {"type": "string"}
        made = {"properties": fields, "required": wanted}
        if form.instead is None:
            return made
        return _when("word", form.instead, then={"properties": {"value": _NOTHING}}, otherwise=made)

    def _of_nodes(self) -> Iterator[JsonSchema]:
        form = self.form
        if not form.nodes and form.by_day:
            yield {"properties": {"occurred_on": _NOTHING}}
        for node in form.nodes:
            if node.noted and not form.noted:
                yield _when("item", node.item, then=_WITH_REASON)
            if (then := self._day_of(node)) is not None:
                yield _when("item", node.item, then=then)

    def _day_of(self, node: NodeForm) -> JsonSchema | None:
        """Return what holds of the day of a node: it is wanted, may not be there, or may be."""
        dated: JsonSchema = {"type": "string"}
        if node.opens is not None and node.closes is not None:
            dated |= {"formatMinimum": str(node.opens), "formatMaximum": str(node.closes)}
        day = {"properties": {"occurred_on": dated}, "required": ["occurred_on"]}
        if node.opens is not None:
            return day
        none: JsonSchema = {} if self.form.dated else {"properties": {"occurred_on": _NOTHING}}
        if self.form.by_day:
            named = {"properties": {"word": {"type": "string"}}, "required": ["word"]}
            return {"if": named, "then": none, "else": day}
        return none or None

    def _example(self) -> JsonSchema:
        form = self.form
        key = self._some_key()
        item = self._some_item(key)
        ending, own = form.endings_for(key or "")[0], self.seats.get(item or "", "")
        made: JsonSchema = {
            "unit": next((u for u in self.units if u != own), self.units[0]),
            "indicator": self.indicator.code,
            "kind": form.kind,
            "key": key,
            "item": item,
            "period": self.year + ending,
            "word": form.words[0] if form.words else None,
            "value": self._some_value(key) if self.has_value else None,
            "occurred_on": self._some_day(key, item, ending),
            "note": "文件依据或理由",
        }
        made |= self._document(made["occurred_on"])
        return {name: value for name, value in made.items() if value is not None}

    def _document(self, day: object) -> JsonSchema:
        """Return what an example says of its document, where an entry says anything of one."""
        form = self.form
        if form.dated == PUBLISHED:
            number = f"通报〔{self.year}〕1号"
            return {"listed": 14, "document_no": number, "document_date": day}
        if form.dated != RECEIVED:
            return {}
        came = day if form.opens is None else str(form.opens)
        told: JsonSchema = {"occurred_on": came, "document_date": came, "authority": "省局"}
        told |= {"document_no": f"考核〔{self.year}〕1号", "listed": 14 if form.ranked else None}
        return told | {"about_from": f"{self.year}-01-01", "about_until": f"{self.year}-01-01"}

    def _some_key(self) -> str | None:
        events = (key for key in self.form.keys if key != ZERO_REPORT)
        return next(events, next(iter(self.form.keys), None))

    def _some_item(self, key: str | None) -> str | None:
        if self.form.items:
            return self.form.items[0]
        return "1" if self.form.any_item and key != ZERO_REPORT else None

    def _some_day(self, key: str | None, item: str | None, ending: str) -> str | None:
        node = next((each for each in self.form.nodes if each.item == item), None)
        if node is not None and node.opens is not None:
            return str(node.opens)
        if self.form.dated == PUBLISHED and ending:
            return self._day_after(ending)
        return self._last_day(ending) if self.form.dated and key != ZERO_REPORT else None

    def _some_value(self, key: str | None) -> Decimal:
        form = self.form
        if key == ZERO_REPORT:
            return Decimal(0)
        if form.only_steps and form.rubric:
            return form.rubric[0].low
        bound = form.low if form.low is not None else form.high
        return Decimal(1) if bound is None else bound

    def _day_after(self, ending: str) -> str:
        return str(dt.date.fromisoformat(self._last_day(ending)) + dt.timedelta(days=1))

    def _last_day(self, ending: str) -> str:
        size = next((12 // len(all_of) for all_of in ENDINGS.values() if ending in all_of), 12)
        nth = next((all_of.index(ending) for all_of in ENDINGS.values() if ending in all_of), 0)
        month = (nth + 1) * size
        return f"{self.year}-{month:02}-{calendar.monthrange(int(self.year), month)[1]}"
