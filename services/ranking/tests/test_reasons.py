"""Reasons of a result: code and parameters for programs, a sentence in each language."""

import re
from decimal import Decimal

import pytest

from ranking.api.rankings import RankedReason
from ranking.rules import reasons
from ranking.rules.grades import GradePolicy

WEAK = reasons.weak_indicators("DM01", "重点指标得分过低", ("C10", "C11"), "60")
EVENT = reasons.reported_event("DM02", None, "group_incident")
ALL = [
    reasons.below_floor(Decimal("60.00")),
    reasons.capped_by_veto(["V02", "V05"]),
    reasons.capped_by_fraud("good", "良好", "C01", "C02"),
    reasons.quota_used_up("good", "良好"),
    reasons.quota_closed("excellent", "优秀"),
    reasons.tied_at_the_line("excellent", "优秀"),
    reasons.outside_quota("excellent", "优秀"),
    reasons.raised(("excellent", "优秀"), ("good", "良好"), 2, 7),
    reasons.last_place("约谈主要负责人", 2, 10),
    reasons.veto_of_earlier_year("V01", 2025),
    reasons.veto_of_predecessor("V01", 2025, "P05"),
    reasons.lineage_unknown(),
    reasons.title_barred("V01", "文明单位"),
    reasons.removal_proposed([(2024, "V01", None), (2025, "V02", "P05")], 2),
    reasons.place_lost(WEAK, "backfill"),
    reasons.place_lost(WEAK, "leave"),
    reasons.grade_lost(EVENT),
    reasons.too_low_in_list("DM03", ("环保排名", "全市环保排名"), 12, 14, 1),
    reasons.too_low_in_list("DM03", (None, "全市环保排名"), 12, 14, 3),
    reasons.reported_event("DM02", None, "group_incident", 3),
    reasons.without_consequence("DM02", "群体性事件", 1, 3),
    reasons.by_key(["C01"], 3, ("block", "C05", None), (None, Decimal(7)), ahead=True),
    reasons.by_key(["C01"], 1, ("indicator", "C13", None), (Decimal(7), None), ahead=False),
    reasons.by_key(["C01"], 1, ("fewer_deductions", None, None), (Decimal(7), None), ahead=True),
    reasons.by_key(["C01"], 1, ("last_year_rank", None, None), (Decimal(7), None), ahead=True),
    reasons.shared_rank(["C01"], 5, equal_keys=True),
    reasons.shared_rank(["C01"], 1, equal_keys=False),
    reasons.rank_by_code(["C01"], 5, equal_keys=True),
    reasons.rank_by_code(["C01"], 1, equal_keys=False),
    reasons.place_by_key(reasons.shared_rank(["C01"], 1, equal_keys=True), "good", "良好"),
    reasons.admitted_with_tie("excellent", "优秀"),
    reasons.not_ranked(["C01"]),
    reasons.not_ranked(["*"]),
    reasons.no_score("C01", "Too few answers.", "有效样本不足。"),
    *(
        reasons.of_report(kind, "V01", state)
        for kind in ("veto", "demotion")
        for state in ("reported", "lifting", "lifted")
    ),
]


@pytest.mark.parametrize("reason", ALL, ids=lambda reason: reason.code)
def test_a_sentence_is_of_one_language_and_carries_its_parameters(reason):
    """Planted bug: the name of a grade or an event stands in the Chinese sentence in English."""
    assert not re.search(r"[\u4e00-\u9fff]", reason.en)
    codes = re.findall(r"[A-Za-z][A-Za-z0-9]*", reason.zh)
    assert all(re.fullmatch(r"(C|V|P|DM)[0-9]{2}", code) for code in codes)
    told = [
        one
        for each in reason.params.values()
        for one in ([each] if isinstance(each, str) else each)
    ]
    codes = [one for one in told if re.fullmatch(r"[A-Z]+[0-9]+|[0-9]+", one)]
    assert all(code in reason.en and code in reason.zh for code in codes)


def test_a_grade_goes_by_the_name_that_the_scheme_gives_it():
    policy = GradePolicy(("a", "b"), (), Decimal(60), "leave", (), {"a": "优秀"})
    assert (policy.name("a"), policy.name("b")) == ("优秀", "b")


def test_a_sentence_from_before_there_were_codes_is_told_as_it_was():
    told = RankedReason.model_validate("good quota used up")
    assert (told.code, told.en, told.zh) == ("as_told", "good quota used up", "good quota used up")
