"""Drawn waves of a phone survey: honest units with realistic ceilings, and rehearsed answers.

Marks of honest units have means of 85 to 97 of 100. A third of all people answer every question
alike; the rest have an opinion of their own that their five answers share. Each unit is weak in
one thing and strong in another; each interviewer hears a little more or less praise, is faster or
slower, and works on few units. People have words in common, and the customers of one unit more
than others.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import exp
from random import Random

from survey.rules.screens.evidence import Interview, Scale

STEPS = {
    "very_satisfied": Decimal(100),
    "satisfied": Decimal(80),
    "fair": Decimal(60),
    "dissatisfied": Decimal(30),
    "very_dissatisfied": Decimal(0),
    "dont_know": None,
}
WORDS = tuple(STEPS)
SCALES = tuple(Scale(f"Q{n}", STEPS, Decimal("0.2")) for n in range(1, 6))
COMMON = (
    "没有", "没有意见", "挺好的", "无", "都很满意", "没什么意见", "希望越来越好", "还可以",
    "工作很负责", "服务态度好", "继续努力", "办事效率再高一点",
)  # fmt: skip
LEVELS = (0.05, 1.15)
CUTS = (0.0, -0.9, -1.7, -2.4)
SIGNS = "路灯水电公交停车窗口材料时间人员态度电话网站环境噪音垃圾绿化学校医院市场小区"


@dataclass(frozen=True)
class Rehearsal:
    """What was told to the people who will be called, and who is called by whom.

    `spread` seconds lie around the length of their calls; with `one_question` all mark the same
    question lower; `words` is what they say, None nothing; `by` interviewers ask them, all if 0.
    """

    share: float = 0.2
    one_question: bool = True
    words: str | None = "服务热情办事快捷群众非常满意"
    length: int | None = 180
    spread: int = 0
    by: int = 0


@dataclass(frozen=True)
class Caller:
    name: str
    praise: float
    pace: float
    writes: float


def draw_wave(seed, units=20, rehearsals=(), fewest=50, most=400, waves=1):
    """Return the interviews of waves about the same units, the last one with rehearsals.

    `rehearsals` are those of the first units, U00 and so on.
    """
    random = Random(seed)  # noqa: S311 - to be drawn again
    callers = [
        Caller(
            f"I{n:02}",
            random.gauss(0, 0.15),
            random.gauss(0, 0.15),
            min(max(random.gauss(0.4, 0.12), 0.1), 0.8),
        )
        for n in range(max(12, units))
    ]
    questions = [random.gauss(0, 0.15) for _ in SCALES]
    kinds = [_Unit(random, n, fewest, most, callers) for n in range(units)]
    drawn = []
    for wave in range(1, waves + 1):
        interviews = []
        for number, unit in enumerate(kinds):
            told = rehearsals[number] if wave == waves and number < len(rehearsals) else None
            interviews += _asked(random, unit, questions, told)
        drawn.append(interviews)
    return drawn if waves > 1 else drawn[0]


class _Unit:
    def __init__(self, random, number, fewest, most, callers):
        self.name = f"U{number:02}"
        self.size = round(fewest * (most / fewest) ** random.random())
        self.level = random.uniform(*LEVELS)
        self.traits = [random.gauss(0, 0.2) for _ in SCALES]
        self.callers = random.sample(callers, random.randint(3, 8))
        self.shares = [random.uniform(0.5, 2) for _ in self.callers]
        self.topics = ["".join(random.sample(SIGNS, random.randint(4, 12))) for _ in range(8)]


def _asked(random, unit, questions, told):
    level = unit.level + random.gauss(0, 0.08)
    taught = round(unit.size * told.share) if told else 0
    found = []
    for n in range(unit.size):
        token = f"{unit.name}-respondent-{n:05}"
        caller = random.choices(unit.callers, unit.shares)[0]
        if n < taught:
            chosen = random.choice(unit.callers[: told.by]) if told.by else caller
            found.append(_rehearsed(random, unit, token, chosen, told))
        else:
            found.append(_honest(random, unit, level, questions, token, caller))
    return found


def _honest(random, unit, level, questions, token, caller):
    mood = level + caller.praise + random.gauss(0, 0.75)
    alike = random.random() < 0.3
    heard = random.gauss(0, 0.6)
    answers = []
    for question, trait in zip(questions, unit.traits, strict=True):
        if random.random() < 0.02:
            answers.append("dont_know")
            continue
        noise = heard if alike else question + trait + random.gauss(0, 0.6)
        answers.append(WORDS[sum(mood + noise < cut for cut in CUTS)])
    seconds = round(210 * exp(caller.pace + random.gauss(0, 0.35)))
    says = _opinion(random, unit) if random.random() < caller.writes else None
    return Interview(unit.name, token, tuple(answers), caller.name, seconds, says)


def _opinion(random, unit):
    kind = random.random()
    if kind < 0.5:
        return random.choices(COMMON, [1 / (n + 1) for n in range(len(COMMON))])[0]
    if kind < 0.7:
        return random.choices(unit.topics, [1 / (n + 1) for n in range(len(unit.topics))])[0]
    return "".join(random.choices(SIGNS, k=random.randint(4, 30)))


def _rehearsed(random, unit, token, caller, told):
    lower = 2 if told.one_question else random.randrange(len(SCALES))
    answers = tuple("satisfied" if n == lower else "very_satisfied" for n in range(len(SCALES)))
    if told.length is None:
        seconds = round(210 * exp(caller.pace + random.gauss(0, 0.35)))
    else:
        seconds = told.length + random.randint(-told.spread, told.spread)
    return Interview(unit.name, token, answers, caller.name, seconds, told.words)
