"""What pydantic finds wrong with what was sent, as faults in Chinese and English."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from chassis.refusals import Fault, pointer

# What pydantic can find wrong with a value, said in Chinese. A type that is not listed
# is said in general words; the English sentence of pydantic stands in `detail` for English readers.
_FAULTS_ZH = {
    "missing": "缺少必填项。",
    "extra_forbidden": "不认识的字段。",
    "string_type": "应为字符串。",
    "string_pattern_mismatch": "格式不符合要求。",
    "string_too_short": "内容过短。",
    "string_too_long": "内容过长。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "int_from_float": "应为整数。",
    "bool_type": "应为 `true` 或 `false`。",
    "bool_parsing": "应为 `true` 或 `false`。",
    "decimal_type": "应为十进制数。",
    "decimal_parsing": "应为十进制数。",
    "decimal_max_digits": "数字位数过多。",
    "decimal_max_places": "小数位数过多。",
    "decimal_whole_digits": "整数位数过多。",
    "finite_number": "应为有限的数。",
    "plain_digits": "应为数字，直接书写：小数点前至多 18 位，小数点后至多 12 位。",
    "binary_float": "二进制浮点数不精确，请直接书写数字。",
    "greater_than": "数值过小。",
    "greater_than_equal": "数值过小。",
    "less_than": "数值过大。",
    "less_than_equal": "数值过大。",
    "enum": "不在允许的取值之内。",
    "literal_error": "不在允许的取值之内。",
    "list_type": "应为数组。",
    "dict_type": "应为对象。",
    "model_type": "应为对象。",
    "model_attributes_type": "应为对象。",
    "dataclass_type": "应为对象。",
    "too_short": "项数过少。",
    "too_long": "项数过多。",
    "uuid_parsing": "应为 UUID。",
    "uuid_type": "应为 UUID。",
    "date_from_datetime_parsing": "应为日期 (YYYY-MM-DD)。",
    "date_parsing": "应为日期 (YYYY-MM-DD)。",
    "date_type": "应为日期 (YYYY-MM-DD)。",
    "datetime_parsing": "应为日期时间 (ISO 8601)。",
    "datetime_type": "应为日期时间 (ISO 8601)。",
    "none_required": "应为空。",
    "given_twice": "清单中已有此项。",
    "unexpected_keyword_argument": "没有这个字段。",
    "phone_number": "此处疑似电话号码，系统不接收；如为金额，请写明单位。",
    "identity_number": "此处疑似公民身份号码，系统不接收。",
    "mail_address": "此处疑似电子邮箱地址，系统不接收。",
    "card_number": "此处疑似银行卡号，系统不接收。",
}


# The same with what the English sentence names as well: a bound, or the values that there are.
_BOUNDED_ZH = {
    "string_too_short": "内容过短，至少 {} 个字符。",
    "string_too_long": "内容过长，至多 {} 个字符。",
    "greater_than": "数值过小，应大于 {}。",
    "greater_than_equal": "数值过小，不得小于 {}。",
    "less_than": "数值过大，应小于 {}。",
    "less_than_equal": "数值过大，不得大于 {}。",
    "too_short": "项数过少，至少 {} 项。",
    "too_long": "项数过多，至多 {} 项。",
}
_BOUND = re.compile(r"(?:equal to|greater than|less than|at least|at most) ([-+\d][-+.:\dTZ]*)")
_ONE_OF = frozenset({"enum", "literal_error"})


def errors_in(error: ValidationError) -> list[Any]:
    """Return what pydantic found, without what was sent: it ends up in an answer."""
    return error.errors(include_url=False, include_context=False, include_input=False)


def faults_of(errors: Sequence[Any], sent: object) -> list[Fault]:
    """Return the faults that pydantic found in what was `sent`, each with its JSON pointer."""
    faults = []
    for error in map(_of_json, errors):
        where = error["loc"]
        if where[:1] in {("query",), ("path",), ("header",)}:
            inside = where
        else:
            inside = where[1:] if where[:1] == ("body",) else where
            inside = _without_tags(inside, sent, missing=error["type"].startswith("missing"))
        kind, en = _of_a_text(error, _value_at(inside, sent))
        zh = _in_chinese(kind, en)
        faults.append(Fault(pointer(*inside), kind.replace("_", "-"), en, zh))
    return faults


def _of_json(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a fault in words of JSON, which knows arrays and no tuples."""
    if error["type"] != "tuple_type":
        return error
    return {**error, "type": "list_type", "msg": "Input should be a valid list"}


def _of_a_text(error: Mapping[str, Any], value: object) -> tuple[str, str]:
    """Return kind and sentence of a fault: where a text was looked at before it was measured,
    pydantic speaks of its items."""
    kind, said = error["type"], error["msg"]
    if kind not in {"too_long", "too_short"} or not isinstance(error.get("input", value), str):
        return kind, said
    most = "most" if kind == "too_long" else "least"
    bound = _BOUND.search(said)
    n = bound[1] if bound else "0"
    return f"string_{kind}", f"String should have at {most} {n} character{'' if n == '1' else 's'}"


def _value_at(steps: Sequence[Any], sent: Any) -> object:  # noqa: ANN401 - JSON
    """Return what was sent in a place, None where nothing was."""
    for step in steps:
        try:
            sent = sent[step]
        except (KeyError, IndexError, TypeError):
            return None
    return sent


def _in_chinese(kind: str, said: str) -> str:
    """Return in Chinese what pydantic has said, with the bound or the values that it names."""
    zh = _FAULTS_ZH.get(kind, "取值无效。")
    if kind in _ONE_OF and (values := re.findall("'([^']*)'", said)):
        return f"{zh.removesuffix('。')}：{'、'.join(f'`{each}`' for each in values)}。"
    bound = _BOUND.search(said) if kind in _BOUNDED_ZH else None
    return zh if bound is None else _BOUNDED_ZH[kind].format(bound[1])


def _without_tags(where: Sequence[Any], sent: Any, *, missing: bool) -> list[Any]:  # noqa: ANN401 - JSON
    """Return where a fault stands without the names that pydantic gives to what a field may be
    instead of something else: no key of that name was sent."""
    steps = []
    for n, step in enumerate(where, start=1):
        keys = range(len(sent)) if isinstance(sent, list | tuple) else sent
        known = isinstance(sent, dict | list | tuple) and step in keys
        if known or (missing and n == len(where)):
            steps.append(step)
        if known:
            sent = sent[step]
    return steps
