"""Checks of a single entry against the scheme's entry forms, so that a score reads what is taken.

Every fault is named, with a pointer to the field.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from chassis.refusals import Fault
from scoring.rules.columns.exact import show
from scoring.rules.ledger.entries import (
    ANY_PERIOD,
    EVENT,
    EXTERNAL_RESULT,
    INSPECTION_FINDING,
    KINDS_ZH,
    LAST_YEAR,
    NOT_APPLICABLE,
    OF_A_DOCUMENT,
    OF_A_LIST,
    OF_A_RESULT,
    PANEL_MARK,
    PROGRESS_REPORT,
    SUPERIOR_RANK,
    YEAR,
    ZERO_REPORT,
    span_of,
    year_of,
)
from scoring.rules.ledger.slots import About
from scoring.rules.scheme.compiled import EntryForm, FormStep, NodeForm
from scoring.rules.scheme.document import Category, FactWindow, Indicator, Scheme, Seat

OCCURRED = "occurred"
"""The `dated` of a form whose events count by the day they occurred, not by that of discovery."""

PUBLISHED = "published"
"""The `dated` of a form whose day is that on which the superior published its list."""

RECEIVED = "received"
"""The `dated` of a form whose day is that on which the result of another system came."""


DECLARATION = EntryForm(
    NOT_APPLICABLE,
    keys=(),
    items=(),
    any_item=False,
    words=(),
    endings=YEAR,
    endings_of_key={},
    dated=None,
    low=None,
    high=None,
    whole=False,
    instead=None,
    valued=False,
    noted=True,
    comment_low=None,
    comment_high=None,
    nodes=(),
    by_day=False,
)
"""The form of an entry that declares an indicator not applicable, whatever else that takes."""


OWN_WORDS = replace(DECLARATION, kind=PROGRESS_REPORT, endings=ANY_PERIOD)
"""The form of a unit's own words about any indicator that it is assessed by."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as it is handed in, before it has an id.

    `panel` is whose seat gives a mark, `source_ref` how the system that sends it names its record.
    `entry_id` is the entry that it was read from, and `seen` the state which that was in then. One
    that `stands_in` is last year's result, taken over where this year's has not come.
    """

    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    value: Decimal | None
    word: str | None
    note: str | None = None
    occurred_on: date | None = None
    panel: str | None = None
    source_ref: str | None = None
    entry_id: UUID | None = None
    seen: str | None = None
    listed: int | None = None
    published_value: Decimal | None = None
    document_no: str | None = None
    document_date: date | None = None
    authority: str | None = None
    about_from: date | None = None
    about_until: date | None = None
    stands_in: bool = False

    @property
    def slot(self) -> tuple[str | None, ...]:
        """What the entry is about, in the order of the ledger's columns."""
        return (self.unit, self.indicator, self.kind, self.key, self.item, self.period)

    @property
    def tells(self) -> tuple[object, ...]:
        """What it says of that."""
        return (self.value, self.word, self.occurred_on, self.note, *self.document_told)

    @property
    def document_told(self) -> tuple[object, ...]:
        """What it says of the document in which it stands."""
        return tuple(getattr(self, name) for name in OF_A_DOCUMENT)


_OF_ANY_INDICATOR = {NOT_APPLICABLE: DECLARATION, PROGRESS_REPORT: OWN_WORDS}


def findings_of(indicator: Indicator, form: EntryForm | None) -> EntryForm | None:
    """Return the form of findings of inspections: of what is scored by events, as these are, where
    the scheme names who enters them; else that of all other entries."""
    if form is None or form.kind != EVENT or not indicator.findings_by:
        return form
    keys = tuple(key for key in form.keys if key != ZERO_REPORT)
    return replace(form, kind=INSPECTION_FINDING, keys=keys)


@dataclass(slots=True)
class EntryForms:
    """The entry forms of a scheme by unit and indicator, and the checks of entries against them.

    Without `today` no period or day is checked for lying in the future.
    """

    scheme: Scheme
    today: date | None = None

    def seat_of(self, panel: str, seat: str | None) -> Seat | None:
        """Return a seat of a panel, None where there is no such."""
        return self.scheme.seat_of.get((panel, seat or ""))

    def indicator_of(self, draft: Draft) -> Indicator | None:
        """Return the indicator that the entry is for; None where its unit has no such."""
        category = self.scheme.category_of().get(draft.unit)
        return category.indicators().get(draft.indicator) if category else None

    def form_of(self, draft: Draft) -> EntryForm | None:
        """Return the form that an entry must have; None where its indicator takes no entries."""
        indicator = self.indicator_of(draft)
        if draft.kind in _OF_ANY_INDICATOR or indicator is None:
            return None if indicator is None else _OF_ANY_INDICATOR[draft.kind]
        found = self.form_for(draft.unit, draft.indicator)
        return findings_of(indicator, found) if draft.kind == INSPECTION_FINDING else found

    def form_for(self, unit: str, indicator: str) -> EntryForm | None:
        """Return the form of a unit's entries for an indicator; None where it takes none."""
        category = self.scheme.category_of().get(unit)
        found = self.scheme.compiled_of[category.code].get(indicator) if category else None
        return found.form_for(unit) if found else None

    def panel_of(self, about: About) -> str | None:
        """Return the panel whose seats give a mark; None for all that its data source enters."""
        form = self.form_for(about.unit, about.indicator) if about.kind == PANEL_MARK else None
        return form.panel if form else None

    def is_judged(self, about: About) -> bool:
        """Say whether an entry is held against marks that the same scorer has given to others."""
        form = self.form_for(about.unit, about.indicator) if about.kind == PANEL_MARK else None
        return form is not None and (form.panel is not None or form.distinct)

    def seated(self, drafts: Iterable[Draft]) -> list[Draft]:
        """Return entries, those from seats with the panel that the scheme names."""
        return [
            draft if (panel := self.panel_of(draft)) is None else replace(draft, panel=panel)
            for draft in drafts
        ]

    def faults(self, draft: Draft, at: str) -> list[Fault]:
        """Return what is wrong with an entry, whose pointer is `at`."""
        category, indicator = self.scheme.category_of().get(draft.unit), self.indicator_of(draft)
        form, faults = self.form_of(draft), list[Fault]()
        faults += _assessed(draft, self.scheme, category, indicator, form, at)
        faults += _period(draft, self.scheme, self.today, at)
        if indicator is not None:
            faults += _shape(draft, indicator, form, self.scheme, at)
        if form is not None and form.excludes_own_unit:
            faults += _own_unit(draft, self.seat_of(form.panel or "", draft.item), at)
        if form is not None and indicator is not None and not faults:
            faults += _date(draft, (form, indicator), self.scheme, self.today, at)
            faults += _waited_for(draft, form, self.today, at)
        return faults


def _assessed(
    draft: Draft,
    scheme: Scheme,
    category: Category | None,
    indicator: Indicator | None,
    form: EntryForm | None,
    at: str,
) -> Iterator[Fault]:
    if category is None:
        yield Fault(
            f"{at}/unit",
            "unknown-unit",
            f"{draft.unit} is not assessed in this cycle.",
            f"{draft.unit} 不是本年度的被评估单位。",
        )
    elif indicator is None:
        elsewhere = any(draft.indicator in each.indicators() for each in scheme.categories)
        yield Fault(
            f"{at}/indicator",
            "indicator-of-another-category" if elsewhere else "unknown-indicator",
            f"{draft.indicator} is not an indicator of {category.code}, {draft.unit}'s category.",
            f"{draft.indicator} 不是 {draft.unit} 所在类别 {category.code} 的指标。",
        )
    elif form is None:
        yield Fault(
            f"{at}/indicator",
            "takes-no-entries",
            f"{draft.indicator} is scored from its children, a survey or what is entered for "
            "others, not from entries of its own.",
            f"{draft.indicator} 由下级指标、调查或其他指标的录入得分，本身不接收台账记录。",
        )


def _waited_for(draft: Draft, form: EntryForm, today: date | None, at: str) -> Iterator[Fault]:
    """Yield that last year's result would stand in for one that is still waited for."""
    if draft.stands_in and today is not None and form.closes is not None and today <= form.closes:
        yield Fault(
            f"{at}/item",
            "not-late-yet",
            f"This year's result is waited for until {form.closes}; it is {today}.",
            f"本年结果的等待期至 {form.closes}，今天是 {today}。",
        )


def _own_unit(draft: Draft, seat: Seat | None, at: str) -> Iterator[Fault]:
    if seat is not None and seat.unit == draft.unit:
        yield Fault(
            f"{at}/unit",
            "own-unit",
            f"Seat {seat.seat} belongs to {draft.unit}, which is not marked from it.",
            f"席位 {seat.seat} 属于 {draft.unit}，不得为本单位评分。",
        )


def _period(draft: Draft, scheme: Scheme, today: date | None, at: str) -> Iterator[Fault]:
    if year_of(draft.period) != scheme.assessment_year:
        yield Fault(
            f"{at}/period",
            "wrong-period",
            f"A period of {scheme.assessment_year} is wanted, such as {scheme.assessment_year}, "
            f"{scheme.assessment_year}H1, {scheme.assessment_year}Q1, {scheme.assessment_year}-03.",
            f"应为{scheme.assessment_year}年度内的期间，如 {scheme.assessment_year}、"
            f"{scheme.assessment_year}H1、{scheme.assessment_year}Q1、{scheme.assessment_year}-03。",
        )
    elif today is not None and span_of(draft.period)[0] > today:
        yield Fault(
            f"{at}/period",
            "not-begun",
            f"{draft.period} has not begun; it is {today}.",
            f"{draft.period} 尚未开始；今天是 {today}。",
        )
    elif today is not None and draft.key == ZERO_REPORT and span_of(draft.period)[1] > today:
        # Who has reported that nothing happened in the year no longer reports what does.
        yield Fault(
            f"{at}/period",
            "not-over",
            f"{draft.period} is not over; it is {today}. That nothing happened in it can be "
            "reported from its last day on.",
            f"{draft.period} 尚未结束；今天是 {today}。零报告最早于该期间最后一天报送。",
        )


def _shape(
    draft: Draft, indicator: Indicator, form: EntryForm | None, scheme: Scheme, at: str
) -> Iterator[Fault]:
    if draft.kind == NOT_APPLICABLE and not indicator.may_be_not_applicable:
        yield Fault(
            f"{at}/kind",
            "always-applicable",
            f"The scheme does not allow {draft.indicator} to be not applicable.",
            f"方案不允许将 {draft.indicator} 认定为不适用。",
        )
    elif form is not None and draft.kind != form.kind:
        yield _not_one_of(f"{at}/kind", draft.kind, (form.kind,))
    elif _idle(draft, scheme):
        yield Fault(
            f"{at}/key",
            "no-zero-report",
            "The scheme wants no zero reports: where no event is entered, none has happened.",
            "方案不要求零报告：没有事件记录即视为没有发生。",
        )
    elif form is not None:
        yield from _named(draft, form, at)
        yield from _value(draft, form, at)
        yield from _note(draft, form, at)
        yield from _of_a_document(draft, form, at)
        yield from _read_for(draft, form, scheme, at)


def _idle(draft: Draft, scheme: Scheme) -> bool:
    """Say whether an entry reports that there was no event, although silence says so as well."""
    zero = draft.kind == EVENT and draft.key == ZERO_REPORT
    return zero and not scheme.ledger.zero_report_required


def _read_for(draft: Draft, form: EntryForm, scheme: Scheme, at: str) -> Iterator[Fault]:
    """Yield a period for which nothing would read the entry."""
    year, endings = str(scheme.assessment_year), form.endings_for(draft.key)
    right_year = year_of(draft.period) == scheme.assessment_year
    if right_year and draft.period.removeprefix(year) not in endings:
        yield _not_one_of(f"{at}/period", draft.period, [year + each for each in endings])


def _date(
    draft: Draft, of: tuple[EntryForm, Indicator], scheme: Scheme, today: date | None, at: str
) -> Iterator[Fault]:
    """Yield a day on which nothing can have happened, that nothing reads, or that is wanting."""
    form, indicator = of
    day, where, node = draft.occurred_on, f"{at}/occurred_on", form.node_of(draft.item)
    dated = _dated(draft, form, node)
    if day is None:
        yield from _undated(draft, indicator, node, dated, where)
    elif dated is None:
        yield Fault(
            where,
            "not-wanted",
            f"This {draft.kind} of {draft.indicator} has no day: nothing is scored by it.",
            f"{draft.indicator} 的该项记录不填发生日期，计分不使用。",
        )
    else:
        if indicator.window is None or dated in _WANTED_DAY:
            yield from _when(draft, form, day, scheme, today, where)
        else:
            yield from _in_window(draft, day, indicator.window, scheme, today, where)
        if node is not None:
            yield from _season(node, day, where)


_WANTED_DAY: Mapping[str | None, tuple[str, str]] = {
    PUBLISHED: (
        "A day is wanted: when the superior published the list.",
        "缺少日期：应填上级公布该排名之日。",
    ),
    RECEIVED: ("A day is wanted: when the result came.", "缺少日期：应填收到该结果之日。"),
}


def _undated(
    draft: Draft, indicator: Indicator, node: NodeForm | None, dated: str | None, where: str
) -> Iterator[Fault]:
    """Yield that a day is wanting by which the entry counts."""
    if dated is None:
        return
    if node is not None:
        en = f"A day is wanted: when {draft.item} was reached or judged."
        zh = f"缺少日期：应填节点 {draft.item} 完成或评定之日。"
    elif dated in _WANTED_DAY:
        en, zh = _WANTED_DAY[dated]
    elif indicator.window is not None:
        en = f"A day is wanted: {draft.indicator} counts what happened on the days of its window."
        zh = f"缺少日期：{draft.indicator} 按发生日期计入，应填发生之日。"
    else:
        return
    yield Fault(where, "missing", en, zh)


def _dated(draft: Draft, form: EntryForm, node: NodeForm | None) -> str | None:
    """Return by which day an entry counts; None where nothing reads any."""
    if node is not None and node.is_dated(draft.word, form):
        return OCCURRED
    return None if draft.key == ZERO_REPORT else form.dated


def _when(
    draft: Draft, form: EntryForm, day: date, scheme: Scheme, today: date | None, where: str
) -> Iterator[Fault]:
    """Yield a day that is to come, or does not lie in the period."""
    first, last = span_of(draft.period)
    dated = _dated(draft, form, form.node_of(draft.item))
    if today is not None and day > today:
        yield _to_come(day, today, where)
    elif dated == PUBLISHED:
        yield from _published(draft, day, (first, last), where)
    elif dated == RECEIVED:
        yield from _received(draft, form, day, where)
    elif day > last:
        yield Fault(
            where,
            "outside-period",
            f"{day} lies after {draft.period}; an event is reported for the period of its day.",
            f"{day} 晚于 {draft.period}；事件应按所在期间报送。",
        )
    elif day < first and dated == OCCURRED:
        other = day.year != scheme.assessment_year
        yield Fault(
            where,
            "another-year" if other else "outside-period",
            f"{day} lies before {draft.period}; here events count by the day they occurred.",
            f"{day} 早于 {draft.period}；该指标按事件发生日期计分。",
        )


def _in_window(
    draft: Draft,
    day: date,
    window: FactWindow,
    scheme: Scheme,
    today: date | None,
    where: str,
) -> Iterator[Fault]:
    """Yield a day that is to come, or on which what happened does not count, or is reported for
    another period: what happened before the year for its first, and after it for its last."""
    year, (first, last) = scheme.assessment_year, span_of(draft.period)
    told = min(max(day, date(year, 1, 1)), date(year, 12, 31))
    if today is not None and day > today:
        yield _to_come(day, today, where)
    elif not window.has(day):
        opens, closes = window.opens, window.closes
        yield Fault(
            where,
            "outside-window",
            f"{day} does not lie between {opens} and {closes}; for {draft.indicator} what happened "
            "then counts.",
            f"{day} 不在 {opens} 至 {closes} 之间；{draft.indicator} 只计此期间发生的事项。",
        )
    elif not first <= told <= last:
        yield Fault(
            where,
            "outside-period",
            f"What happened on {day} is not reported for {draft.period}.",
            f"{day} 发生的事项不应按 {draft.period} 报送。",
        )


def _to_come(day: date, today: date, where: str) -> Fault:
    return Fault(
        where,
        "in-the-future",
        f"{day} lies ahead; it is {today}.",
        f"{day} 尚未到来；今天是 {today}。",
    )


def _published(draft: Draft, day: date, span: tuple[date, date], where: str) -> Iterator[Fault]:
    """Yield a list that appeared before what it is about, or before the document that has it.

    A list of a month, a quarter or a half-year appears once that is over; one of the year may
    appear before its end.
    """
    first, last = span
    if day < first:
        yield Fault(
            where,
            "outside-period",
            f"{day} lies before {draft.period}: a list of it cannot have appeared yet.",
            f"{day} 早于 {draft.period}，当时不可能公布该期排名。",
        )
    elif day <= last and draft.period != str(day.year):
        yield Fault(
            where,
            "period-not-over",
            f"{draft.period} ends on {last}: no list of it can have appeared on {day}.",
            f"{draft.period} 于 {last} 结束，{day} 不可能公布该期排名。",
        )
    if draft.document_date is not None and draft.document_date > day:
        yield Fault(
            f"{where.removesuffix('occurred_on')}document_date",
            "after-its-publication",
            f"The document is of {draft.document_date}, and the list appeared on {day}.",
            f"发文日期 {draft.document_date} 晚于公布之日 {day}。",
        )


def _received(draft: Draft, form: EntryForm, day: date, where: str) -> Iterator[Fault]:
    """Yield a result that came before its document or before what it is about began, and one that
    counts in another cycle."""
    at = where.removesuffix("occurred_on")
    document, first, last = draft.document_date, draft.about_from, draft.about_until
    if document is not None and document > day:
        en = f"The document is of {document}, and the result came on {day}."
        zh = f"发文日期 {document} 晚于收到之日 {day}。"
        yield Fault(f"{at}document_date", "after-its-arrival", en, zh)
    if first is not None and last is not None and first > last:
        en, zh = f"{last} lies before {first}.", f"{last} 早于 {first}。"
        yield Fault(f"{at}about_until", "ends-before-it-begins", en, zh)
    elif first is not None and document is not None and first > document:
        en = f"The document is of {document}, and what it is about begins on {first}."
        zh = f"发文日期 {document} 早于结果所涉起始日 {first}。"
        yield Fault(f"{at}about_from", "not-begun", en, zh)
    yield from _by_arrival(form, day, where)


def _by_arrival(form: EntryForm, day: date, where: str) -> Iterator[Fault]:
    """Yield a result that counts in another cycle, by the day on which it came."""
    if form.opens is not None and day < form.opens:
        en = f"It came before {form.opens}: it counts in the cycle before."
        zh = f"收到之日早于 {form.opens}，应计入上一评估年度。"
        yield Fault(where, "counts-the-year-before", en, zh)
    elif form.opens is not None and form.closes is not None and day > form.closes:
        en = f"It came after {form.closes}: it counts in the next cycle."
        zh = f"收到之日晚于 {form.closes}，顺延计入下一评估年度。"
        yield Fault(where, "counts-next-year", en, zh)


def _season(node: NodeForm, day: date, where: str) -> Iterator[Fault]:
    """Yield a day on which a node cannot be judged."""
    if node.opens and node.closes and not node.opens <= day <= node.closes:
        yield Fault(
            where,
            "out-of-season",
            f"{node.item} can be judged from {node.opens} to {node.closes} only, not on {day}.",
            f"节点 {node.item} 只能在 {node.opens} 至 {node.closes} 期间评定，{day} 不在其内。",
        )


def _note(draft: Draft, form: EntryForm, at: str) -> Iterator[Fault]:
    node = form.node_of(draft.item)
    wanted = form.wants_note(draft.value) or (node is not None and node.noted)
    if wanted and not (draft.note and draft.note.strip()):
        yield Fault(
            f"{at}/note",
            "note-missing",
            f"A note is wanted with this {draft.kind}: the reason, or the document it rests on.",
            f"该{KINDS_ZH[draft.kind]}记录须附说明：写明理由或所依据的文件。",
        )


_OF_KIND = {SUPERIOR_RANK: OF_A_LIST, EXTERNAL_RESULT: OF_A_RESULT}
_NOT_NEEDED = ("published_value",)


def _of_a_document(draft: Draft, form: EntryForm, at: str) -> Iterator[Fault]:
    """Yield what is wanting of the document in which an entry stands, or said of one where there is
    none, and a place beyond the end of its list."""
    told = {*_OF_KIND.get(draft.kind, ())}
    if draft.kind == EXTERNAL_RESULT and not form.ranked:
        told.remove("listed")
    for name in OF_A_DOCUMENT:
        given = getattr(draft, name) is not None
        if name in told and not given and name not in _NOT_NEEDED:
            en, zh = _WANTING[draft.kind]
            yield Fault(f"{at}/{name}", "missing", en.format(name), zh.format(name))
        elif given and name not in told:
            en = f"{form.kind} of {draft.indicator} has no {name}."
            zh = f"{draft.indicator} 的{KINDS_ZH[form.kind]}记录不带 `{name}`。"
            yield Fault(f"{at}/{name}", "not-wanted", en, zh)
    yield from _beyond(draft, at)


def _beyond(draft: Draft, at: str) -> Iterator[Fault]:
    if draft.kind == SUPERIOR_RANK and _is_beyond(draft):
        en = f"Place {draft.value} lies beyond the {draft.listed} that are listed."
        zh = f"第{draft.value}名超出参加排名的{draft.listed}个。"
        yield Fault(f"{at}/value", "beyond-the-list", en, zh)


_WANTING = {
    SUPERIOR_RANK: ("{} is wanted of the superior's list.", "缺少上级排名的 `{}`。"),
    EXTERNAL_RESULT: ("{} is wanted of the result's document.", "缺少该结果文件的 `{}`。"),
}


def _is_beyond(draft: Draft) -> bool:
    value, listed = draft.value, draft.listed
    return value is not None and listed is not None and value.is_finite() and value > listed


def _items(draft: Draft, form: EntryForm) -> Sequence[str]:
    """Return the items that a form lists; what stands in was taken over, and is known by its."""
    return (LAST_YEAR,) if draft.stands_in and form.late == LAST_YEAR else form.items


def _named(draft: Draft, form: EntryForm, at: str) -> Iterator[Fault]:
    """Yield a key, an item or a word that is missing, not listed in the form, or not wanted."""
    yield from _listed(draft, form, "key", form.keys, at)
    if not form.any_item or draft.key == ZERO_REPORT:
        yield from _listed(draft, form, "item", _items(draft, form), at)
    elif not (draft.item and draft.item.strip()):
        yield Fault(f"{at}/item", "missing", "An item is wanted.", "缺少分项编号。")
    # A form without words may have one that stands in the place of the value.
    if form.by_day and draft.word is None:
        return  # the day says it
    if form.words or draft.word != form.instead:
        yield from _listed(draft, form, "word", form.words, at)


def _listed(
    draft: Draft, form: EntryForm, name: str, allowed: Sequence[str], at: str
) -> Iterator[Fault]:
    """Yield what a field has other than one of `allowed`; with none allowed, whatever it has."""
    given = getattr(draft, name)
    if allowed and given not in allowed:
        yield _not_one_of(f"{at}/{name}", given, allowed)
    elif not allowed and given is not None:
        yield Fault(
            f"{at}/{name}",
            "not-wanted",
            f"{form.kind} of {draft.indicator} has no {name}.",
            f"{draft.indicator} 的{KINDS_ZH[form.kind]}记录不带 `{name}`。",
        )


def _value(draft: Draft, form: EntryForm, at: str) -> Iterator[Fault]:
    value, where = draft.value, f"{at}/value"
    wanted = form.has_value(draft.word)
    if not wanted or value is None:
        if wanted != (value is not None):
            en, zh = (
                ("A value is wanted.", "缺少数值。")
                if wanted
                else ("No value is wanted here.", "此处不应填数值。")
            )
            yield Fault(where, "missing" if wanted else "not-wanted", en, zh)
    elif not value.is_finite():
        yield Fault(where, "not-finite", "A finite number is wanted.", "应为有限数。")
    elif draft.key != ZERO_REPORT:
        yield from _number(value, form, where)
    elif value != 0:
        yield Fault(where, "out-of-range", "A zero report counts 0.", "零报告的数量应为0。")


def _number(value: Decimal, form: EntryForm, where: str) -> Iterator[Fault]:
    if form.low is not None and value < form.low:
        yield _out_of_range(where, f"at least {show(form.low)}", f"不小于{show(form.low)}")
    elif form.high is not None and value > form.high:
        yield _out_of_range(where, f"at most {show(form.high)}", f"不大于{show(form.high)}")
    elif form.whole and value != value.to_integral_value():
        yield Fault(where, "not-whole", "A whole number is wanted.", "应为整数。")
    elif form.only_steps:
        yield from _within_a_step(value, form, where)


def _within_a_step(value: Decimal, form: EntryForm, where: str) -> Iterator[Fault]:
    if not any(step.low <= value <= step.high for step in form.rubric):
        steps = [_span(step) for step in form.rubric]
        yield Fault(
            where,
            "not-a-step",
            f"{show(value)} is no mark of the rubric: {', '.join(steps)}.",
            f"{show(value)} 不在评分标准的档次之内：{'、'.join(steps)}。",
        )


def _span(step: FormStep) -> str:
    return show(step.low) if step.low == step.high else f"{show(step.low)}–{show(step.high)}"


def _out_of_range(at: str, en: str, zh: str) -> Fault:
    return Fault(at, "out-of-range", f"The value must be {en}.", f"数值应{zh}。")


def _not_one_of(at: str, given: str | None, allowed: Sequence[str]) -> Fault:
    known, zh = ", ".join(allowed), "、".join(f"`{each}`" for each in allowed)
    if given is None:
        return Fault(
            at, "not-one-of", f"Wanted is one of: {known}.", f"未填写，应为以下之一：{zh}。"
        )
    en = f"{given} is none of: {known}."
    return Fault(at, "not-one-of", en, f"`{given}` 不在可选值之内：{zh}。")
