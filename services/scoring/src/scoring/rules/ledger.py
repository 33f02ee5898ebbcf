"""What may be entered into the ledger (台账), and by whom: every fault of a batch at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chassis.refusals import Fault, Forbidden, Invalid, pointer
from scoring.rules.entries import EVENT, NOT_APPLICABLE, ZERO_REPORT, year_of
from scoring.rules.exact import show
from scoring.rules.forms import DECLARATION, Form, form_of
from scoring.rules.scheme import OWN_UNIT, Category, Indicator, Scheme


class BatchRejected(Invalid):
    """The batch holds entries that cannot be taken; nothing was kept."""

    zh = "该批记录中有不能接收的条目，全部未保存。"


class NotTheDataSource(Forbidden):
    """The scheme names another unit as the data source of some entries; nothing was kept."""

    zh = "方案规定部分条目由其他单位报送，全部未保存。"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as it is handed in, before it has an id."""

    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    value: Decimal | None
    word: str | None
    note: str | None = None

    @property
    def slot(self) -> tuple[str | None, ...]:
        """What the entry is about; only events may be about the same thing twice."""
        return (self.unit, self.indicator, self.kind, self.key, self.item, self.period)


def check_batch(drafts: Sequence[Draft], scheme: Scheme, poster: str | None) -> None:
    """Refuse a batch with any fault, naming all of them; `poster` is the caller's unit.

    Entries that are right in themselves but somebody else's to make are forbidden, not invalid.
    """
    categories = scheme.category_of()
    indicators = {each.code: each.indicators() for each in scheme.categories}
    faults, foreign, seen = list[Fault](), list[Fault](), dict[tuple[str | None, ...], int]()
    for row, draft in enumerate(drafts):
        at = pointer("entries", row)
        category = categories.get(draft.unit)
        indicator = indicators[category.code].get(draft.indicator) if category else None
        faults += _place(draft, scheme, category, indicator, at)
        faults += _period(draft, scheme, at)
        if indicator is not None:
            faults += _shape(draft, indicator, scheme, at)
            foreign += _source(draft, indicator, poster, at)
        if draft.kind != EVENT and (first := seen.setdefault(draft.slot, row)) != row:
            faults.append(
                Fault(
                    at,
                    "duplicate-entry",
                    f"Entry {first} is about the same unit, indicator, item and period.",
                    f"与第{first}条（从0起）的单位、指标、分项和期间相同。",
                )
            )
    if faults:
        count = len({fault.pointer.split("/")[2] for fault in (*faults, *foreign)})
        raise BatchRejected(
            f"{count} entries are refused.", f"{count}条记录被拒绝。", faults=(*faults, *foreign)
        )
    if foreign:
        raise NotTheDataSource(
            f"{len(foreign)} entries are another unit's to make.",
            f"{len(foreign)}条记录应由其他单位报送。",
            faults=foreign,
        )


def is_source(indicator: Indicator, unit: str, caller_unit: str | None) -> bool:
    """Say whether the caller's unit is the one to enter values of `unit` for the indicator."""
    named = unit if indicator.data_source_unit == OWN_UNIT else indicator.data_source_unit
    return caller_unit is not None and caller_unit == named


def _place(
    draft: Draft, scheme: Scheme, category: Category | None, indicator: Indicator | None, at: str
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
    elif form_of(indicator) is None and draft.kind != NOT_APPLICABLE:
        yield Fault(
            f"{at}/indicator",
            "takes-no-entries",
            f"{draft.indicator} is scored from its children, a survey or what is entered for "
            "others, not from entries of its own.",
            f"{draft.indicator} 由下级指标、调查或其他指标的录入得分，本身不接收台账记录。",
        )


def _period(draft: Draft, scheme: Scheme, at: str) -> Iterator[Fault]:
    if year_of(draft.period) != scheme.assessment_year:
        yield Fault(
            f"{at}/period",
            "wrong-period",
            f"A period of {scheme.assessment_year} is wanted, such as {scheme.assessment_year}, "
            f"{scheme.assessment_year}H1, {scheme.assessment_year}Q1, {scheme.assessment_year}-03.",
            f"应为{scheme.assessment_year}年度内的期间，如 {scheme.assessment_year}、"
            f"{scheme.assessment_year}H1、{scheme.assessment_year}Q1、{scheme.assessment_year}-03。",
        )


def _source(draft: Draft, indicator: Indicator, poster: str | None, at: str) -> Iterator[Fault]:
    if not is_source(indicator, draft.unit, poster):
        named = indicator.data_source_unit
        yield Fault(
            f"{at}/indicator",
            "not-the-data-source",
            f"{draft.indicator} is entered by {named}, not by {poster}.",
            f"{draft.indicator} 由 {named} 报送，不由 {poster} 报送。",
        )


def _shape(draft: Draft, indicator: Indicator, scheme: Scheme, at: str) -> Iterator[Fault]:
    declared = draft.kind == NOT_APPLICABLE
    form = DECLARATION if declared else form_of(indicator)
    if declared and not indicator.may_be_not_applicable:
        yield Fault(
            f"{at}/kind",
            "always-applicable",
            f"The scheme does not allow {draft.indicator} to be not applicable.",
            f"方案不允许将 {draft.indicator} 认定为不适用。",
        )
    elif form is not None and draft.kind != form.kind:
        yield _not_one_of(f"{at}/kind", draft.kind, (form.kind,))
    elif form is not None:
        yield from _words(draft, form, at)
        yield from _value(draft, form, at)
        yield from _note(draft, form, at)
        ending = draft.period.removeprefix(str(scheme.assessment_year))
        if form.endings and ending not in form.endings:
            wanted = tuple(f"{scheme.assessment_year}{each}" for each in form.endings)
            yield _not_one_of(f"{at}/period", draft.period, wanted)


def _note(draft: Draft, form: Form, at: str) -> Iterator[Fault]:
    if form.wants_note(draft.value) and not (draft.note and draft.note.strip()):
        yield Fault(
            f"{at}/note",
            "note-missing",
            f"A note is wanted with this {draft.kind}: the reason, or the document it rests on.",
            f"该 {draft.kind} 记录须附说明：写明理由或所依据的文件。",
        )


def _words(draft: Draft, form: Form, at: str) -> Iterator[Fault]:
    fields = (("key", draft.key, form.keys), ("item", draft.item, form.items))
    for name, given, allowed in (*fields, ("word", draft.word, form.words)):
        if name == "item" and form.any_item and draft.key != ZERO_REPORT:
            if not (given and given.strip()):
                yield Fault(f"{at}/item", "missing", "An item is wanted.", "缺少分项编号。")
        elif allowed and given not in allowed:
            yield _not_one_of(f"{at}/{name}", given, allowed)
        elif name == "word" and given is not None and given == form.instead:
            continue
        elif not allowed and given is not None:
            yield Fault(
                f"{at}/{name}",
                "not-wanted",
                f"{form.kind} of {draft.indicator} has no {name}.",
                f"{draft.indicator} 的 {form.kind} 记录不带 {name}。",
            )


def _value(draft: Draft, form: Form, at: str) -> Iterator[Fault]:
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


def _number(value: Decimal, form: Form, where: str) -> Iterator[Fault]:
    if form.low is not None and value < form.low:
        yield _out_of_range(where, f"at least {show(form.low)}", f"不小于{show(form.low)}")
    elif form.high is not None and value > form.high:
        yield _out_of_range(where, f"at most {show(form.high)}", f"不大于{show(form.high)}")
    elif form.whole and value != value.to_integral_value():
        yield Fault(where, "not-whole", "A whole number is wanted.", "应为整数。")


def _out_of_range(at: str, en: str, zh: str) -> Fault:
    return Fault(at, "out-of-range", f"The value must be {en}.", f"数值应{zh}。")


def _not_one_of(at: str, given: str | None, allowed: Sequence[str]) -> Fault:
    known = ", ".join(allowed)
    return Fault(
        at, "not-one-of", f"{given} is none of: {known}.", f"{given} 不在可选值之内：{known}。"
    )
