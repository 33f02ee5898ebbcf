"""docs/states.md: every state and every step between two, drawn from the rules' own tables."""

from collections.abc import Iterable

from indicators.rules import id_schemes, letters
from indicators.rules.target_moves import MOVES, NEW
from ranking.rules import chain as own_chain
from ranking.rules import consequences, embargo, linked, reports
from ranking.rules.approval import CHAIN
from scoring.rules.appeals import states as appeals
from scoring.rules.checks import draw as checks
from scoring.rules.checks import findings, fraud
from scoring.rules.claims import highlights, registering
from scoring.rules.claims import states as claims
from scoring.rules.complaints import states as complaints
from scoring.rules.corrections import correcting
from scoring.rules.items import states as items
from scoring.rules.ledger import completeness, parked
from scoring.rules.ledger import states as ledger
from scoring.rules.reports import stages
from scoring.rules.self_evaluations import rounds
from survey.rules.states import STEPS

HEAD = """# States

What can be in which state, and what moves it. Drawn from the tables that the rules themselves go
by (`make contracts`); a phase in `gateway/authorisation.yaml` is a state of this page.
"""

Step = tuple[str, str, str]


def diagram(title: str, owner: str, start: str, steps: Iterable[Step]) -> str:
    """Return one section with its Mermaid state diagram."""
    lines = [f"    {before} --> {after}: {how}" for before, after, how in steps]
    body = "\n".join(["stateDiagram-v2", f"    [*] --> {start}", *lines])
    return f"\n## {title}\n\nKept by `{owner}`.\n\n```mermaid\n{body}\n```\n"


def page() -> str:
    """Return the whole page."""
    cycle = [("draft", "open", "the first scheme is published")]
    target = [(a, b, how) for (a, b), how in MOVES.items()]
    letter = [(a, b, how) for (a, b), how in letters.MOVES.items()]
    mapping = [(a, b, how) for (a, b), how in id_schemes.MOVES.items()]
    entry = [(a, b, how) for (a, b), how in ledger.TRANSITIONS.items()]
    handing_in = [(a, b, how) for (a, b), how in completeness.TRANSITIONS.items()]
    parking = [(a, b, how) for (a, b), how in parked.TRANSITIONS.items()]
    seal = [(ledger.OPEN, ledger.SEALED, "seal")]
    claim = [(a, b, how) for (a, b), how in claims.TRANSITIONS.items()]
    stage = [(a, b, how) for (a, b), how in stages.TRANSITIONS.items()]
    highlight = [(a, b, how) for (a, b), how in highlights.TRANSITIONS.items()]
    award = [(a, b, how) for (a, b), how in registering.TRANSITIONS.items()]
    item = [(a, b, how) for (a, b), how in items.TRANSITIONS.items()]
    complaint = [(a, b, how) for (a, b), how in complaints.TRANSITIONS.items()]
    objection = [(a, b, how) for (a, b), how in appeals.TRANSITIONS.items()]
    check = [(a, b, how) for (a, b), how in checks.TRANSITIONS.items()]
    finding = [(a, b, how) for (a, b), how in findings.TRANSITIONS.items()]
    alleged = [(a, b, how) for (a, b), how in fraud.TRANSITIONS.items()]
    self_evaluation = [(a, b, how) for (a, b), how in rounds.TRANSITIONS.items()]
    correction = [(a, b, how) for (a, b), how in correcting.TRANSITIONS.items()]
    sheet = [("computed", "fed_back", "feedback")]
    wave = [(str(a), str(b), str(step)) for step, (starts, b) in STEPS.items() for a in starts]
    consequence = [(*step, how) for step, how in consequences.MOVES.items()]
    result = [(*step, how) for step, how in linked.MOVES.items()]
    report = [(a, b, how) for (a, b), how in reports.MOVES.items()]
    chain = [(t.before, t.after, f"{name} ({t.role})") for name, t in CHAIN.items()]
    chain += [(a, b, how) for (a, b), how in embargo.WAITS.items()]
    own = [(a, b, how) for (a, b), how in own_chain.TRANSITIONS.items()]
    own.append(("approved", "published", "publication (performance_office)"))
    return HEAD + "".join(
        [
            diagram("Cycle 评估年度", "indicators", "draft", cycle),
            diagram("Target 目标", "indicators", NEW, target),
            diagram("Responsibility letter 目标责任书", "indicators", "drawn_up", letter),
            diagram("Mapping of a code 代码对照", "indicators", "proposed", mapping),
            diagram("Ledger entry 台账记录", "scoring", ledger.DRAFT, entry),
            diagram("Ledger of a cycle 台账", "scoring", ledger.OPEN, seal),
            diagram(
                "Hand-in of a category 类别汇总上报", "scoring", completeness.HANDED_IN, handing_in
            ),
            diagram("Parked row 待对照行", "scoring", parked.PARKED, parking),
            diagram("Claim 加减分申报", "scoring", claims.HANDED_IN, claim),
            diagram("Highlight 亮点", "scoring", highlights.REPORTED, highlight),
            diagram("Registered award 登记的奖项", "scoring", registering.REGISTERED, award),
            diagram("Supervised item 督办事项", "scoring", items.REGISTERED, item),
            diagram("Complaint 投诉", "scoring", complaints.RAISED, complaint),
            diagram("Objection 异议", "scoring", appeals.PENDING, objection),
            diagram("Check 复检、抽查", "scoring", checks.TO_COMMIT, check),
            diagram("Finding of a check 检查结论", "scoring", findings.REPORTED, finding),
            diagram("Fraud 弄虚作假", "scoring", fraud.ALLEGED, alleged),
            diagram("Self-evaluation 自评", "scoring", rounds.TO_DO, self_evaluation),
            diagram("Correction 封存后更正", "scoring", correcting.PROPOSED, correction),
            diagram("Score sheet edition 得分表", "scoring", "computed", sheet),
            diagram("Stage 阶段结果", "scoring", stages.FROZEN, stage),
            diagram("Wave of a survey 调查轮次", "survey", "planned", wave),
            diagram("Veto or demotion 一票否决、降等", "ranking", "reported", report),
            diagram("Ranking edition 排名", "ranking", "ranked", chain),
            diagram("Ranking edition in a scheme's own chain 自定审批链", "ranking", "ranked", own),
            diagram("Consequence 结果运用", "ranking", "proposed", consequence),
            diagram("Linked result 三位一体结果", "ranking", "entered", result),
        ]
    )
