"""The ways a rule can say no, in words that know nothing of HTTP.

::

    Refusal
    ├── Invalid       what was sent can never be right
    ├── Missing       the thing asked for does not exist
    ├── Conflict      right perhaps, but not in the present state
    ├── Forbidden     this caller may not
    │   └── TooManyRequests   not so often
    └── Unavailable   something relied on did not answer

A refusal is declared beside the rule that makes it, one class per reason::

    class BranchClosed(Conflict):
        \"\"\"The branch takes no books back today.\"\"\"

        zh = "本馆今日不办理还书。"
        remedy = "Bring them back tomorrow.", "请明日再来还书。"

    raise BranchClosed(f"Branch {n} is closed.", f"第{n}分馆已经闭馆。", branch=n)

Its name becomes the problem type (``branch-closed``), the first line of its docstring
and `zh` the title, `remedy` what the caller can do about it (in English and Chinese), the
two sentences the detail in English and Chinese, and its keyword arguments the facts sent
along. `more` says how many faults there are beside those in `faults`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Self


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an input.

    `pointer` is a JSON pointer (RFC 6901) into the request body, `code` a stable word
    for programs, `en` and `zh` a sentence for people. What is wrong only `beside` an earlier row
    of the same batch would be right without that one.
    """

    pointer: str
    code: str
    en: str
    zh: str
    beside: bool = False


class Refusal(Exception):
    """The request was understood and turned down."""

    zh: ClassVar[str] = "请求被拒绝。"
    remedy: ClassVar[tuple[str, str]] = ("", "")

    def __init__(
        self, en: str, zh: str, *, faults: Sequence[Fault] = (), more: int = 0, **facts: object
    ) -> None:
        super().__init__(en)
        self.detail_en = en
        self.detail_zh = zh
        self.faults = tuple(faults)
        self.more = more
        self.facts = facts


class Invalid(Refusal):
    """What was sent can never be right."""

    zh = "提交的内容无效。"


class Missing(Refusal):
    """The thing asked for does not exist."""

    zh = "所请求的对象不存在。"


class Conflict(Refusal):
    """The request could be right, but not in the present state."""

    zh = "当前状态下不能这样做。"


class Forbidden(Refusal):
    """The caller may not do this."""

    zh = "无权执行此操作。"


class TooManyRequests(Forbidden):
    """The caller asks too often."""

    zh = "请求过于频繁。"
    remedy = (
        "Wait as many seconds as `Retry-After` says, then ask more slowly.",
        "请按 `Retry-After` 所示秒数等待，并放慢请求。",
    )
    status = 429
    headers: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def after(cls, seconds: int) -> Self:
        """Return the refusal of a caller who is to wait for so many seconds."""
        refusal = cls(f"Wait {seconds} s.", f"请等待 {seconds} 秒。")
        refusal.headers = {"Retry-After": str(seconds)}
        return refusal


class Unavailable(Refusal):
    """Something this service relies on did not answer."""

    zh = "所依赖的服务没有应答。"


def pointer(*steps: str | int) -> str:
    """Return the JSON pointer (RFC 6901) made of `steps`, escaped."""
    return "".join([f"/{step if isinstance(step, int) else _escaped(step)}" for step in steps])


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
