"""Why there is no score. A gap names itself; it never becomes a zero."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a missing score, in English and in Chinese.

    What is `absent` was not entered, and the scheme may say what stands in for it. What is not
    (a target of zero, two values that contradict each other, a forbidden tie) somebody has to
    settle: nothing stands in.
    """

    en: str
    zh: str
    absent: bool = True


class Gap(Exception):
    """There is no score, for one or more reasons."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reason.en for reason in self.reasons))

    @property
    def absent(self) -> bool:
        """Say whether the score is wanting only because something was not entered."""
        return all(reason.absent for reason in self.reasons)


class NotRated(Gap):
    """The indicator does not rate the unit: it counts for nothing, and its points move."""


class Undefined(Gap):
    """The inputs are there, but the method has no meaning for them, such as a target of zero."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__([Reason(en, zh, absent=False)])
