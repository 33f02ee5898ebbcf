"""docs/events.md: every type of event with what it tells, and who hears of it."""

import json
from collections.abc import Iterator
from importlib import import_module

from chassis.authorisation import Matrix
from chassis.feed import EventType

PARTS = ("gateway", "indicators", "scoring", "survey", "ranking")

HEAD = """# Events 事件

Written by `make contracts` from what the parts declare and from `gateway/authorisation.yaml`. How
events are read: [integrating.md](integrating.md). 由 `make contracts` 依据各部分的声明和
`gateway/authorisation.yaml` 生成；读取方法见 [integrating.md](integrating.md)。

An event is a CloudEvent 1.0. Its `data` has `cycle_id` where it is about a cycle, the fields below,
`units` (how many things of each unit it is about) and `sources` (by the unit that entered them).
Of a list or object of more than 100 the first 100 are told, and `…_left` says how many more there
are. Who may know of all of it is told the fields after `+` besides, and who did it (`by`,
`by_unit`). Who may know of a part alone is told of no other unit. What has no row in the matrix is
told to nobody.

事件采用 CloudEvents 1.0 格式。`data` 含所属评估年度 `cycle_id`、下列字段、`units`（各单位的数量）和
`sources`（各录入单位的数量）；超过 100 项的只列前 100 项，余数见 `…_left`。可知全部内容的另有
`+` 之后的字段及办理人 `by`、`by_unit`；只可知一部分的，看不到其他单位。
"""


def declared() -> Iterator[tuple[str, EventType]]:
    """Yield the parts and the types of events that each of them records."""
    for part in PARTS:
        for each in import_module(f"{part}.events").EVENTS:
            yield part, each


def words() -> str:
    """Return what each type of event says has happened, as the console reads it: zh, en."""
    told = {each.name: [each.zh, each.en] for _, each in declared()}
    lines = [
        f"  {json.dumps(name)}: {json.dumps(both, ensure_ascii=False)}"
        for name, both in told.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def page(matrix: Matrix) -> str:
    """Return the whole page."""
    lines, last = [HEAD], ""
    for part, each in declared():
        if part != last:
            lines.append(f"\n## {part}\n")
            lines.append("| type 类型 | what happened 何事 | data 内容 | who hears 谁可知 |")
            lines.append("|---|---|---|---|")
            last = part
        told = ", ".join(f"`{name}`" for name in each.told)
        more = ", ".join(f"`{name}`" for name in each.whole)
        fields = " + ".join(filter(None, (told, more))) if told else more and f"+ {more}"
        lines.append(
            f"| `{each.name}` | {each.en} {each.zh} | {fields} | {_who(matrix, each.name)} |"
        )
    return "\n".join(lines) + "\n"


def _who(matrix: Matrix, event: str) -> str:
    by_relation: dict[str | None, list[str]] = {}
    for row in matrix.events.get(event, ()):
        by_relation.setdefault(row.relation, []).append(f"`{row.role}`")
    return "; ".join(
        ", ".join(roles) + (f" ({relation})" if relation else "")
        for relation, roles in by_relation.items()
    )
