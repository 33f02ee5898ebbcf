"""Each state has its diagram, each move its row in the matrix, and no move is made elsewhere."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict

import pytest
from tests.contracts import states
from tests.contracts.publish import ROOT

from chassis.authorisation import load

MATRIX = load(ROOT / "gateway" / "authorisation.yaml")
SERVICES = ("indicators", "scoring", "survey", "ranking")
TABLES = ("TRANSITIONS", "MOVES")
MOVED = r"(supervised-items|complaints|objections|self-evaluations|checks|corrections|inspections)"
OF_CITIZENS = "/public/"
STORED_BY = {
    "ItemMoveRow": 2,
    "ComplaintMoveRow": 2,
    "ObjectionMoveRow": 1,
    "CheckFindingStepRow": 1,
    "CheckDrawRow": 1,
    "CorrectionDecisionRow": 2,
}
"""In how many places of the code a move of each is made: the first one apart where it is another
command's, and what a correction costs with its approval."""


def moves_of_rules():
    """Each transition that a rule's own table has, by where that is."""
    for service in SERVICES:
        rules = importlib.import_module(f"{service}.rules")
        for each in pkgutil.walk_packages(rules.__path__, f"{service}.rules."):
            module = importlib.import_module(each.name)
            for name in TABLES:
                table = getattr(module, name, None)
                if isinstance(table, dict) and all(isinstance(key, tuple) for key in table):
                    yield from ((each.name, *key, how) for key, how in table.items())


def test_each_transition_that_rules_know_is_drawn():
    """Planted bug: fraud left out of the page."""
    page, known = states.page(), [*moves_of_rules()]
    assert len(known) > 100
    missing = [each for each in known if f"    {each[1]} --> {each[2]}: {each[3]}\n" not in page]
    assert missing == []


def test_whoever_runs_the_system_or_only_reads_moves_nothing():
    """Planted bug: an administrator may say what becomes of a finding."""
    pattern = re.compile(rf"POST /api/v1/(public/)?cycles/{{cycle_id}}/{MOVED}(/|$)")
    routes = [route for route in MATRIX.routes if pattern.match(route)]
    assert len(routes) > 25
    may = {route: {each.role for each in MATRIX.routes[route]} for route in routes}
    readers = {"system_administrator", "auditor", "personnel", "budget", "statistics"}
    readers |= {"security_administrator", "audit_administrator"}
    wrong = {route: roles & readers for route, roles in may.items() if roles & readers}
    assert wrong == {}
    assert {r for r, roles in may.items() if "anyone" in roles} == {
        route for route in routes if OF_CITIZENS in route
    }


@pytest.fixture(scope="module")
def made():
    """In which places of the code rows of each class are made."""
    found = defaultdict(list)
    for path in sorted((ROOT / "services" / "scoring" / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found[node.func.id].append(f"{path.name}:{node.lineno}")
    return found


@pytest.mark.parametrize("row", sorted(STORED_BY))
def test_a_move_is_stored_in_one_place(made, row):
    """Whoever moves several at once goes by the same rules. Planted bug: a command of its own that
    adds a move."""
    assert len(made[row]) == STORED_BY[row], made[row]
