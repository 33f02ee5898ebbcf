"""Every kind of event that is recorded is declared, has a row in the matrix, and words."""

import ast
import re

import pytest
from tests.contracts.events import PARTS, declared, page
from tests.contracts.publish import ROOT, home_of

from chassis import authorisation
from chassis.authorisation import load

MATRIX = load(ROOT / "gateway" / "authorisation.yaml")
DECLARED = {each.name: (part, each) for part, each in declared()}


def recorded(part):
    """Yield what the code of a part records, as a pattern: what is put in stands for anything."""
    for path in (home_of(part) / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.keyword(arg="event", value=ast.Constant(value=str(name))):
                    yield re.escape(name)
                case ast.keyword(arg="event", value=ast.JoinedStr(values=values)):
                    yield "".join(
                        re.escape(str(each.value)) if isinstance(each, ast.Constant) else "[a-z-]+"
                        for each in values
                    )


@pytest.mark.parametrize("part", PARTS)
def test_what_a_part_records_is_declared(part):
    """Planted bug: record another event. What runs is refused too (`journal.record`)."""
    own = [name for name, (of, _) in DECLARED.items() if of == part]
    patterns = list(recorded(part))
    assert len(patterns) >= 2
    unknown = [each for each in patterns if not any(re.fullmatch(each, name) for name in own)]
    assert unknown == []


def test_every_event_has_a_row_and_every_row_an_event():
    """Planted bug: an event without a row, which is told to nobody."""
    assert DECLARED.keys() == MATRIX.events.keys()
    assert len(DECLARED) == len(list(declared()))


def test_a_row_of_an_event_names_a_role_and_a_relation_that_events_have(tmp_path):
    """Planted bug: take any relation; nobody would ever have one that is misspelled."""
    path = tmp_path / "matrix.yaml"
    for row in ("role: nobody", "role: a, relation: organiser", "role: a, phase: [open]"):
        path.write_text(
            f"roles: {{a: {{zh: 甲, en: a}}}}\nexclusive: []\nroutes: {{}}\n"
            f"events:\n  happened: [{{{row}}}]\n",
            "utf-8",
        )
        with pytest.raises(ValueError, match="happened"):
            load(path)


def test_every_event_says_what_happened_in_both_languages():
    for name, (_, each) in DECLARED.items():
        assert re.fullmatch(r"[a-z-]+\.[a-z-]+", name), name
        assert re.search(r"[\u4e00-\u9fff]", each.zh), name
        assert each.zh.endswith("。"), name
        assert re.fullmatch(r"[A-Z][^\u4e00-\u9fff]*\.", each.en), name
    assert len({each.zh for _, each in DECLARED.values()}) == len(DECLARED)


def test_no_event_tells_a_value_a_reason_or_a_digest_of_results():
    """What may be told by name is listed here: a new field is looked at by whoever adds it."""
    told = {field for _, each in DECLARED.values() for field in (*each.told, *each.whole)}
    assert told == KNOWN


KNOWN = {
    "public_from",
    *("assessment_year", "batch_no", "categories", "category", "code", "count"),
    *(
        "objection_id",
        "correction_id",
        "grant_id",
        "right",
        "cards",
        "check",
        "round_code",
        "seed_on",
        "team_no",
        "members",
        "finding_id",
    ),
    *("count_no", "draw_no", "evidence", "step", "sent_back_to"),
    *(
        "closes_on",
        "decision_no",
        "digest",
        "edition",
        "effective_on",
        "entry_id",
        "entry_ids",
        "host",
        "evidence_id",
        "archive",
        "archived_cycle",
        "proposal_no",
        "proposed_by",
        "rows",
        "evidence_ids",
        "claim_id",
        "complaint_id",
        "complaint_ids",
        "erased",
        "is_open",
        "from_cycle_id",
        "from_entry_id",
    ),
    *(
        "host_id",
        "id_scheme",
        "in_force_before",
        "jurisdiction",
        "superior",
        "succeeded_by",
        "kind",
        "mapping_ids",
    ),
    *("item_id", "item_ids", "move"),
    *("missing", "name", "number", "parked_row_ids", "port", "predecessors", "reason"),
    *("key_id", "message_id", "period", "permission_no", "receipt", "status"),
    *("readers", "stage_no", "notice", "reference"),
    *("release", "release_digest", "replaces", "restates", "reverses", "session_id"),
    *("session_ids", "state", "stored", "subject", "subjects", "survey_id", "unchanged"),
    *(
        "stands_for",
        "stage_no",
        "readers",
        "version",
        "voiding_no",
        "waiting",
        "wave",
        "webhook_id",
        "year",
    ),
}


def test_the_page_names_them_all():
    text = page(authorisation.load(ROOT / "gateway" / "authorisation.yaml"))
    assert all(f"| `{name}` |" in text for name in DECLARED)
