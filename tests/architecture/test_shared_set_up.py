"""How often the tests of a file start a service, a gateway or a database each for itself."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTS = ("run_service", "run_gateway", "serve_gateway", "databases")
AT_MOST = 14
"""What a file's tests may start beside what they share."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def started(tree: ast.Module) -> int:
    """Return how often the tests of a file start something: by a call of their own, or by a fixture
    of the file that is made anew for each of them. Parameters are not multiplied."""
    functions = [each for each in tree.body if isinstance(each, Function)]
    own = Counter({each.name: calls(each) for each in functions if not is_shared(each)})
    tests = [each for each in functions if each.name.startswith("test_")]
    return sum(own[each.name] + sum(own[arg.arg] for arg in each.args.args) for each in tests)


def calls(function: Function) -> int:
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STARTS
        for node in ast.walk(function)
    )


def is_shared(function: Function) -> bool:
    return any("scope=" in ast.unparse(each) for each in function.decorator_list)


def test_the_tests_of_a_file_share_what_they_start():
    """Planted bug: a bound of 13, which names the tests of what the chassis stores."""
    files = [path for top in ("services", "gateway", "libs", "cli", "tests")
             for path in (ROOT / top).rglob("test_*.py")]  # fmt: skip
    texts = {path: path.read_text("utf-8") for path in files}
    found = {
        str(path.relative_to(ROOT)): started(ast.parse(text))
        for path, text in texts.items()
        if any(f"{name}(" in text for name in STARTS)
    }
    assert sum(found.values()) > 50, "found nothing to count"
    assert {file: times for file, times in found.items() if times > AT_MOST} == {}


def test_a_fixture_for_each_test_counts_once_for_each():
    """Planted bug: without the tests' arguments the fixture counts for nothing."""
    fixture = "@pytest.fixture{}\nasync def own(run_service):\n    return await run_service('x')\n"
    tests = "def test_one(own): ...\ndef test_two(own): ...\n"
    assert started(ast.parse(fixture.format("") + tests)) == 2
    assert started(ast.parse(fixture.format("(scope='module')") + tests)) == 0
