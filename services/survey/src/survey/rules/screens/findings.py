"""What a screen found, in figures and in sentences made from them, in English and Chinese."""

from dataclasses import dataclass
from typing import Final

from survey.rules.screens.answers import FULL, NEARLY, PATTERN, STRAIGHT
from survey.rules.screens.counts import About, Trial
from survey.rules.screens.durations import EQUAL, SHORT
from survey.rules.screens.jumps import FULL_JUMP, JUMP
from survey.rules.screens.wordings import WORDING

TOKEN: Final = "repeated_token"  # noqa: S105 - a word for a finding

_FOUND: Final = {
    STRAIGHT: (
        "answer all questions alike",
        "各题选择同一选项",
    ),
    FULL: (
        "give full marks throughout",
        "各题均为满分",
    ),
    NEARLY: (
        "give full marks but for one question, which is one step lower",
        "仅一题低一档、其余均为满分",
    ),
    PATTERN: (
        "have the same pattern of answers ({detail})",
        "答案组合完全相同（{detail}）",
    ),
    SHORT: (
        "took less than {first} seconds",
        "用时不足{first}秒",
    ),
    EQUAL: (
        "took {span} seconds",
        "用时均为{span}秒",
    ),
    WORDING: (
        "use the very same words, {first} characters long",
        "措辞完全相同（共{first}个字符）",
    ),
}
_MOVED: Final = {
    JUMP: ("The mean index", "平均指数"),
    FULL_JUMP: ("The share of full marks, in percent,", "满分比例（百分数）"),
}
SCREENS: Final = (*_FOUND, *_MOVED, TOKEN)
"""The codes of all screens."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign that somebody should look at; it is no proof.

    Figures are rounded texts. `observed` of `of` interviews, or opinions where these are compared
    (for the jumps: the figure of this wave), stand against the `expected`; `chance` is how likely
    an honest subject shows so much or more in any of what the screen looks for, at most the
    `threshold` that it was held to. A token that comes again has none of these.
    """

    screen: str
    about: About
    subject: str
    observed: str
    of: int
    expected: str | None
    chance: str | None
    threshold: str | None
    detail: tuple[str, ...]
    en: str
    zh: str


def finding(trial: Trial, threshold: float) -> Sign:
    """Put a trial that stands out into words."""
    if trial.screen == TOKEN:
        return _repeated(trial)
    exactly = trial.screen in _MOVED
    expected = trial.expected or 0.0
    told = {
        "observed": f"{trial.observed:.2f}" if exactly else str(round(trial.observed)),
        "expected": f"{expected:.2f}" if exactly else f"{expected:.1f}",
        "chance": f"{trial.chance:.1e}",
        "threshold": f"{threshold:.1e}",
    }
    en, zh = _moved(trial, told) if exactly else _alike(trial, told)
    return Sign(
        trial.screen, trial.about, trial.subject, of=trial.of, detail=trial.detail, en=en, zh=zh,
        **told,
    )  # fmt: skip


def _alike(trial: Trial, told: dict[str, str]) -> tuple[str, str]:
    plain_en, plain_zh = _FOUND[trial.screen]
    first, last = (*trial.detail, "", "")[:2]
    alone = first == last
    what_en = plain_en.format(
        first=first,
        detail=", ".join(trial.detail),
        span=f"exactly {first}" if alone else f"from {first} to {last}",
    )
    what_zh = plain_zh.format(
        first=first,
        detail="、".join(f"`{each}`" for each in trial.detail),
        span=first if alone else f"{first}至{last}",
    )
    whose_en, whose_zh = _whose(trial)
    seen, least = told["observed"], told["expected"]
    kind_en, kind_zh = ("opinions", "意见") if trial.screen == WORDING else ("interviews", "访问")
    return (
        f"{seen} of {trial.of} {kind_en} {whose_en} {what_en}; {least} were to be expected "
        f"(chance {told['chance']}, threshold {told['threshold']}).",
        f"{whose_zh}的{trial.of}份{kind_zh}中，{seen}份{what_zh}；预期{least}份"
        f"（偶然概率{told['chance']}，界限{told['threshold']}）。",
    )


def _moved(trial: Trial, told: dict[str, str]) -> tuple[str, str]:
    en, zh = _MOVED[trial.screen]
    before, usual, z = trial.detail
    whose_en, whose_zh = _whose(trial)
    return (
        f"{en} of {trial.of} interviews {whose_en} is {told['observed']} after {before} in the "
        f"earlier wave, while the others moved by {usual} (z {z}, chance {told['chance']}, "
        f"threshold {told['threshold']}).",
        f"{whose_zh}的{trial.of}份访问{zh}为{told['observed']}，上一轮为{before}，其他单位变动"
        f"{usual}（z 值{z}，偶然概率{told['chance']}，界限{told['threshold']}）。",
    )


def _repeated(trial: Trial) -> Sign:
    whose_en, whose_zh = _whose(trial)
    times = str(round(trial.observed))
    return Sign(
        trial.screen,
        trial.about,
        trial.subject,
        times,
        trial.of,
        None,
        None,
        None,
        (),
        f"{times} of {trial.of} interviews {whose_en} are of respondents who were interviewed "
        "about it before in this wave.",
        f"{whose_zh}的{trial.of}份访问中，{times}份的受访者在本轮此前已就该单位受访。",
    )


def _whose(trial: Trial) -> tuple[str, str]:
    if trial.about == "unit":
        return f"about unit {trial.subject}", f"关于单位 `{trial.subject}` "
    return f"of interviewer {trial.subject}", f"访员 `{trial.subject}` "
