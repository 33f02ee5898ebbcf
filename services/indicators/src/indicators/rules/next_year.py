"""Next year's scheme begun from this year's (下年度方案草案): what moves on, what is decided."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from chassis.deadlines import ONE_DAY, Calendar
from chassis.refusals import pointer
from indicators.rules.aims import needs_of
from indicators.rules.methods.catalogue import METHODS, method_of
from indicators.rules.methods.parameters import Params
from indicators.rules.policies import Part
from indicators.rules.scheme import Indicator, Scheme, places
from indicators.rules.values import Day, kinds


@dataclass(frozen=True, slots=True)
class ToDecide:
    """What people decide before the scheme is theirs: where in it, and what, in two languages."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = {
        "json_schema_serialization_defaults_required": True
    }

    pointer: str
    code: str
    en: str
    zh: str


def next_year(scheme: Scheme, cycle: UUID) -> Scheme:
    """Return the scheme as it begins the year after: a year on, each day of it too.

    A 29th of February becomes the 28th. Indicators go on from those with their codes. The window
    of a system whose results may come late opens on the day after this year's closes. Where
    something is read of the year before, that is `cycle`. The year is written anew in the title
    and the code.
    """
    year = scheme.assessment_year
    moved: Scheme = _moved(scheme)
    return replace(
        moved,
        assessment_year=year + 1,
        title=_retold(scheme.title, year),
        code=_retold(scheme.code, year),
        vetoes=_of_last_year(moved.vetoes, cycle, any(e.years > 1 for e in moved.vetoes.items)),
        ranking=_of_last_year(moved.ranking, cycle),
        categories=tuple(
            replace(each, ranking=_of_last_year(each.ranking, cycle)) for each in moved.categories
        ),
    )


def _of_last_year(policy: Any, cycle: UUID, wanted: bool = False) -> Any:  # noqa: ANN401 - two policies
    if policy is None or (policy.previous_cycle is None and not wanted):
        return policy
    return replace(policy, previous_cycle=cycle)


def a_year_on(day: dt.date) -> dt.date:
    """Return the same day of the next year; that of a 29th of February is the 28th."""
    if day.year == dt.MAXYEAR:
        return day
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _moved(value: Any) -> Any:  # noqa: ANN401 - any part
    if isinstance(value, dt.date):
        return a_year_on(value)
    if isinstance(value, tuple):
        return tuple(map(_moved, value))
    if isinstance(value, Mapping):
        return {key: _moved(own) for key, own in value.items()}
    return _part(value) if isinstance(value, Part) else value


def _part(part: Any) -> Any:  # noqa: ANN401 - any part
    found = {each.name: _moved(getattr(part, each.name)) for each in fields(part)}
    if isinstance(part, Indicator):
        names = ("params", "per_unit_params", "period_params")
        found |= {name: _params(getattr(part, name)) for name in names}
        found["succeeds"] = None
    return replace(part, **found)


def _params(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, Mapping):
        found = {
            name: a_year_on(day).isoformat() if (day := _day(name, own)) else _params(own)
            for name, own in value.items()
        }
        closed = _day("closes", value.get("closes"))
        if closed and value.get("late") == "carry_over":
            found["opens"] = (closed + ONE_DAY).isoformat()
        return found
    return [_params(each) for each in value] if isinstance(value, list | tuple) else value


def _day(name: str, value: object) -> dt.date | None:
    """Return the day that a parameter is, if it is one."""
    if name not in _day_names() or not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        return None
    return dt.date.fromisoformat(value)


_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""How parameters write a day; what is worth so much under its name does not."""


@cache
def _day_names() -> frozenset[str]:
    """Return what the parameters are called, of any method, that are days."""
    shapes, found = list[type[Params]]([Params, *METHODS.values()]), set[str]()
    while shapes:
        shape = shapes.pop()
        shapes += shape.__subclasses__()
        found |= {name for name, reader in kinds(shape).items() if isinstance(reader, Day)}
    return frozenset(found)


def _retold(text: str, year: int) -> str:
    return _year(year).sub(str(year + 1), text)


def _year(year: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9]){year}(?![0-9])")


def days_of(scheme: Scheme) -> dict[str, dt.date]:
    """Return every day that a scheme names, by the JSON pointer to it."""
    return dict(_walk(scheme, "", _is_day))


def to_decide(
    before: Scheme, after: Scheme, calendar: Calendar, successors: Mapping[str, tuple[str, ...]]
) -> Iterator[ToDecide]:
    """Yield what people decide about the scheme `after`, which was begun from that `before`.

    `calendar` knows this year and the two after it, `successors` which units went on from a unit
    since.
    """
    yield from _targets(after)
    yield from _first_due(after)
    days, year = days_of(after), after.assessment_year
    near = {year, year + 1} & {day.year for day in days.values()}
    yield from _unannounced(near - calendar.announced)
    yield from _days(days, days_of(before), calendar)
    told = _year(before.assessment_year)
    for at, text in _walk(after, "", _is_text):
        if told.search(text) and not at.endswith("/assessment_year"):
            yield ToDecide(
                at,
                "names-the-year",
                f"It names {before.assessment_year}.",
                f"文字中写有 {before.assessment_year} 年。",
            )
        if text in successors:
            units = successors[text]
            yield ToDecide(
                at,
                "unit-has-successors",
                f"{', '.join(units)} went on from {text}.",
                f"{text} 已有沿革，现为{'、'.join(units)}。",
            )


def _targets(scheme: Scheme) -> Iterator[ToDecide]:
    """Yield the indicators that are held against targets: those are set anew."""
    for place in places(scheme):
        if place.indicator.children:
            continue
        values = list(dict.fromkeys(need.value for need in needs_of(method_of(place.indicator))))
        if values:
            code, n = place.indicator.code, len(place.category.units)
            yield ToDecide(
                place.at,
                "targets-to-set",
                f"{code} needs of each of {n} units: {', '.join(values)}.",
                f"{code} 须为 {n} 个单位逐一确定：{'、'.join(f'`{each}`' for each in values)}。",
            )


def _first_due(scheme: Scheme) -> Iterator[ToDecide]:
    if scheme.duties is not None and scheme.duties.first_due is not None:
        yield ToDecide(
            pointer("duties", "first_due"),
            "lapses",
            "It is for a year whose scheme came late; leave it out where this one does not.",
            "仅适用于方案公布较晚的年度；本年度按期公布的，应去掉。",
        )


def _days(
    days: Mapping[str, dt.date], was: Mapping[str, dt.date], calendar: Calendar
) -> Iterator[ToDecide]:
    for at, day in days.items():
        former = was[at]
        yield from _of_february(at, former, day)
        if calendar.is_worked(former) and not calendar.is_worked(day):
            yield ToDecide(
                at,
                "not-a-working-day",
                f"{day} is no working day, which {former} was.",
                f"{day} 不是工作日，上年的 {former} 是工作日。",
            )


def _unannounced(years: set[int]) -> Iterator[ToDecide]:
    if years:
        told, zh = ", ".join(map(str, sorted(years))), "、".join(map(str, sorted(years)))
        yield ToDecide(
            "",
            "calendar-not-announced",
            f"The public holidays of {told} are not known: days may turn out not to be worked.",
            f"{zh} 年的节假日安排尚未录入，日期可能落在非工作日。",
        )


def _of_february(at: str, former: dt.date, day: dt.date) -> Iterator[ToDecide]:
    if (former.month, former.day) == (2, 29):
        en = f"It was {former}; there is no such day in {day.year}."
        yield ToDecide(at, "leap-day", en, f"上年为 {former}，{day.year} 年没有这一天。")
    elif (day.month, day.day) == (2, 28) and (day + ONE_DAY).month == 2:
        en = f"February {day.year} has another day after {day}."
        yield ToDecide(at, "leap-day", en, f"{day.year} 年 2 月在 {day} 之后还有一天。")


def _is_day(name: str, value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else _day(name, value)


def _is_text(_: str, value: object) -> str | None:
    return value if isinstance(value, str) else None


def _walk(
    value: Any,  # noqa: ANN401 - any part
    at: str,
    found: Callable[[str, Any], Any],
    name: str = "",
) -> Iterator[tuple[str, Any]]:
    """Yield what is found in the values of a scheme, each with the JSON pointer to it."""
    one = found(name, value)
    if one is not None:
        yield at, one
    elif isinstance(value, Part):
        for each in _names(value):
            yield from _walk(getattr(value, each), f"{at}/{each}", found, each)
    elif isinstance(value, Mapping):
        for key, own in value.items():
            yield from _walk(own, at + pointer(key), found, key)
    elif isinstance(value, list | tuple):
        for n, own in enumerate(value):
            yield from _walk(own, f"{at}/{n}", found)


def _names(part: Any) -> list[str]:  # noqa: ANN401 - any part
    return [each.name for each in fields(part)]
