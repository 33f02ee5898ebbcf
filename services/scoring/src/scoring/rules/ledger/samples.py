"""What a survey found where too few answered in a wave (样本不足), and what was done about it."""

from dataclasses import dataclass
from decimal import Decimal

from scoring.rules.columns.exact import show
from scoring.rules.columns.gaps import Reason

_TREATED = {
    "counted": ("its answers count all the same", "仍按实际样本计分"),
    "other_waves": ("the other waves count", "以其他轮次为准"),
    "pooled": ("the answers of all waves count together", "各轮样本合并计分"),
    "category_mean": ("the mean of its category counts", "以同类别单位平均值计分"),
    "not_rated": ("the unit is not rated", "不作评议"),
}


@dataclass(frozen=True, slots=True)
class ShortWave:
    """A wave with fewer valid answers than are `required`, and what counts instead.

    Without a `treatment` nobody has said; without a `decision` (its number) the scheme says it. One
    that was voided has no answers, and is to be repeated.
    """

    wave: int
    valid_sample: int
    required: int
    treatment: str | None
    decision: int | None
    document_no: str | None
    was_voided: bool = False

    def reason(self, survey: str) -> Reason:
        """Say how many answered and what was done about it; nothing stands in for the answers."""
        en = f"Survey {survey}, wave {self.wave}: {self.valid_sample} of {self.required} answers"
        zh = f"调查“{survey}”第{self.wave}轮有效样本{self.valid_sample}份，不足{self.required}份"
        now_en = "below the minimum nothing counts before it is decided"
        now_zh = "未经决定不予计分"
        if self.was_voided:
            en = f"Survey {survey}, wave {self.wave} was voided"
            zh = f"调查“{survey}”第{self.wave}轮已作废"
            now_en = "nothing counts before it is repeated, or decided to go without"
            now_zh = "重做或另有决定之前不予计分"
        if self.treatment is None:
            return Reason(f"{en}; {now_en}.", f"{zh}，{now_zh}。", absent=False)
        done_en, done_zh = _TREATED[self.treatment]
        by_en, by_zh = "by the scheme", "按方案"
        if self.decision is not None:
            by_en = f"by decision {self.decision}, {self.document_no}"
            by_zh = f"按第{self.decision}号决定（{self.document_no}）"
        return Reason(f"{en}; {by_en} {done_en}.", f"{zh}，{by_zh}{done_zh}。", absent=False)


@dataclass(frozen=True, slots=True)
class ShortSample:
    """What a survey found for a unit of which it has a short wave.

    `satisfaction` (of 100) is None while that is undefined, or where the unit is not `rated`;
    `all_counted` is what it would be if every wave counted. Answers to different questionnaires are
    kept `apart`.
    """

    satisfaction: Decimal | None
    rated: bool
    all_counted: Decimal | None
    waves: tuple[ShortWave, ...]
    apart: bool = False

    def reasons(self, survey: str) -> tuple[Reason, ...]:
        """Say of each short wave how it stands, and what the treatment changes."""
        said = tuple(wave.reason(survey) for wave in self.waves)
        if self.apart:
            return (*said, _APART)
        if self.satisfaction is None or self.all_counted in {None, self.satisfaction}:
            return said
        now, else_ = show(self.satisfaction), show(self.all_counted or self.satisfaction)
        return (
            *said,
            Reason(
                f"The satisfaction is {now}; with every wave counted it would be {else_}.",
                f"满意度为{now}；各轮全部计入时为{else_}。",
                absent=False,
            ),
        )


_APART = Reason(
    "The waves were asked with different questionnaires: their answers do not count together.",
    "各轮次所用的问卷版本不同，样本不得合并计分。",
    absent=False,
)


@dataclass(frozen=True, slots=True)
class CorrectedResult:
    """What counts in the place of what a survey found, by the `correction` of a sealed record;
    `former` is what it found, None where that was undefined or the unit was not rated."""

    satisfaction: Decimal
    former: Decimal | None
    correction: str
    rated: bool = True

    def reasons(self, survey: str) -> tuple[Reason, ...]:
        """Say what was found before, and by which correction it is another."""
        en = "nothing that counted" if self.former is None else show(self.former)
        zh = "无计分结果" if self.former is None else show(self.former)
        return (
            Reason(
                f"Survey {survey} had found {en}; corrected by {self.correction}.",
                f"调查“{survey}”原结果为{zh}，由更正 {self.correction} 替换。",
                absent=False,
            ),
        )


Satisfaction = Decimal | ShortSample | CorrectedResult | None
"""What a survey found for a unit: of 100, or with too few answers, or corrected, or nothing yet."""


def number(found: Satisfaction) -> Decimal | None:
    """Return the satisfaction, if there is one."""
    return found.satisfaction if isinstance(found, ShortSample | CorrectedResult) else found
