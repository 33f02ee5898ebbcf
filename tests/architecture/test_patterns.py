"""No pattern that is searched for takes the square of what it is searched in.

Steps are counted and not seconds: a matcher of our own walks what `re` has compiled, and tries what
`re` would try. For every repetition without a bound a text is made that begins it, goes on and on,
and does not end as it should; twice as long may not cost much more than twice as many steps.
"""

import ast
import importlib
import math
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for tree in ("services/*/src", "gateway/src", "libs/chassis/src")
    for path in ROOT.glob(f"{tree}/**/*.py")
)
FEW, MANY, MOST, LOST = 24, 48, 2.9, 50_000
"""How long the texts are; how many times the steps may grow, where a square grows fourfold; and
from how many steps on a text is given up."""
SIGNS = [*" \t\n0aZ_-./,:;<>[]()\"'=|+#号〔", "\u2003", "\u3000"]
_ANCHORED = {"match", "fullmatch"}


def is_in(sign: str, node, flags: int) -> bool:
    """Say whether a node that takes one sign takes this one."""
    kind, value = node
    if flags & re.IGNORECASE:
        sign = sign.lower()
        value = ord(chr(value).lower()) if kind in (op.LITERAL, op.NOT_LITERAL) else value
    match kind:
        case op.LITERAL:
            return ord(sign) == value
        case op.NOT_LITERAL:
            return ord(sign) != value
        case op.ANY:
            return sign != "\n" or bool(flags & re.DOTALL)
        case op.RANGE:
            both = (sign, sign.upper()) if flags & re.IGNORECASE else (sign,)
            return any(value[0] <= ord(each) <= value[1] for each in both)
        case op.CATEGORY:
            return _is_of(sign, str(value).lower())
    negated = value[0][0] is op.NEGATE
    return negated != any(is_in(sign, each, flags) for each in value[negated:])


def _is_of(sign: str, category: str) -> bool:
    tests = {
        "digit": str.isdecimal,
        "space": str.isspace,
        "word": lambda c: c == "_" or c.isalnum(),
    }
    found = next(test for name, test in tests.items() if category.endswith(name))(sign)
    return found != ("not" in category)


ONE_SIGN = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
Then = Callable[[int], int | None]


class Counting:
    """A matcher that counts the places in a text that it looks at."""

    def __init__(self, pattern: re.Pattern, text: str) -> None:
        self.tree, self.flags, self.text = (
            parser.parse(pattern.pattern, pattern.flags),
            pattern.flags,
            text,
        )
        self.steps = 0

    def searched(self) -> int:
        """Return how many steps it takes to find all there is."""
        at = 0
        while at <= len(self.text):
            end = self.found(at)
            at = at + 1 if end is None or end == at else end
        return self.steps

    def found(self, at: int) -> int | None:
        return self._all([*self.tree], at, lambda end: end)

    def _all(self, nodes: list, at: int, then: Then) -> int | None:
        if not nodes:
            return then(at)
        return self._one(nodes[0], at, lambda end: self._all(nodes[1:], end, then))

    def _one(self, node, at: int, then: Then) -> int | None:
        self.steps += 1
        if self.steps > LOST:
            raise RecursionError
        kind, value = node
        if kind in ONE_SIGN:
            fits = at < len(self.text) and is_in(self.text[at], node, self.flags)
            return then(at + 1) if fits else None
        if kind in REPEATS:
            return self._repeated(kind, value, at, then)
        if kind in (op.AT, op.GROUPREF, op.ASSERT, op.ASSERT_NOT):
            return then(at) if kind is op.GROUPREF or self._holds(kind, value, at) else None
        return self._grouped(kind, value, at, then)

    def _grouped(self, kind, value, at: int, then: Then) -> int | None:
        if kind is op.SUBPATTERN:
            return self._all([*value[-1]], at, then)
        if kind is op.ATOMIC_GROUP:
            end = self._all([*value], at, lambda end: end)
            return None if end is None else then(end)
        assert kind is op.BRANCH, kind
        ends = (self._all([*each], at, then) for each in value[1])
        return next((end for end in ends if end is not None), None)

    def _holds(self, kind, value, at: int) -> bool:
        if kind is op.AT:
            return self._stands(value, at)
        ahead, body = value
        begins = at if ahead > 0 else at - body.getwidth()[0]
        there = begins >= 0 and self._all([*body], begins, lambda end: end) is not None
        return there == (kind is op.ASSERT)

    def _stands(self, where, at: int) -> bool:
        if where in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            lines = where is op.AT_BEGINNING and self.flags & re.MULTILINE
            return at == 0 or (bool(lines) and self.text[at - 1] == "\n")
        if where in (op.AT_END, op.AT_END_STRING):
            return at == len(self.text)
        around = [at > 0 and self.text[at - 1].isalnum(), self.text[at : at + 1].isalnum()]
        return (around[0] != around[1]) == (where is op.AT_BOUNDARY)

    def _repeated(self, kind, value, at: int, then: Then) -> int | None:
        least, most, body = value
        nodes, greedy = [*body], kind is not op.MIN_REPEAT
        if kind is op.POSSESSIVE_REPEAT:
            then, last = (lambda end: end), then
        if len(nodes) == 1 and nodes[0][0] in ONE_SIGN:
            end = self._over_and_over(nodes[0], least, most, at, then, greedy=greedy)
        else:
            end = self._again(nodes, least, most, at, then, greedy=greedy)
        return end if kind is not op.POSSESSIVE_REPEAT or end is None else last(end)

    def _over_and_over(self, node, least, most, at, then, *, greedy) -> int | None:
        """Take one sign as often as may be, without a frame of the stack for each."""
        ends, length = at, len(self.text)
        while ends < length and ends - at < most and is_in(self.text[ends], node, self.flags):
            ends, self.steps = ends + 1, self.steps + 1
        tried = range(ends, at + least - 1, -1) if greedy else range(at + least, ends + 1)
        for end in tried:
            self.steps += 1
            if (found := then(end)) is not None:
                return found
        return None

    def _again(self, body, least, most, at, then, *, greedy, times=0) -> int | None:
        def more(end: int) -> int | None:
            if end == at and times >= least:
                return None
            return self._again(body, least, most, end, then, greedy=greedy, times=times + 1)

        def enough() -> int | None:
            return then(at) if times >= least else None

        def goes_on() -> int | None:
            return self._all(body, at, more) if times < most else None

        first, second = (goes_on, enough) if greedy else (enough, goes_on)
        found = first()
        return second() if found is None else found


def sample(nodes, flags: int) -> str:
    """Return a short text that nodes take."""
    return "".join(_sample(node, flags) for node in nodes)


def _sample(node, flags: int) -> str:
    kind, value = node
    if kind in ONE_SIGN:
        signs = SIGNS if kind is not op.LITERAL else [chr(value)]
        listed = [chr(n if kind_ is op.LITERAL else n[0]) for kind_, n in _listed(node)]
        return next((sign for sign in [*listed, *signs] if is_in(sign, node, flags)), "a")
    if kind in REPEATS:
        return sample(value[2], flags) * value[0]
    if kind is op.BRANCH:
        return sample(value[1][0], flags)
    if kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
        return sample(value[-1] if kind is op.SUBPATTERN else value, flags)
    return ""


def _listed(node) -> list:
    if node[0] is op.IN and node[1][0][0] is not op.NEGATE:
        return [each for each in node[1] if each[0] in (op.LITERAL, op.RANGE)]
    return []


def beginnings(nodes, flags: int, before: str = "") -> Iterator[tuple[str, list]]:
    """Yield for each repetition without a bound what stands before it, and what it repeats."""
    for node in nodes:
        kind, value = node
        if kind in REPEATS:
            if value[1] is op.MAXREPEAT:
                yield before, [*value[2]]
            yield from beginnings(value[2], flags, before)
        elif kind is op.BRANCH:
            for each in value[1]:
                yield from beginnings(each, flags, before)
        elif kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
            yield from beginnings(value[-1] if kind is op.SUBPATTERN else value, flags, before)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield from beginnings(value[1], flags, before)
        before += _sample(node, flags)


def literals(nodes) -> Iterator[str]:
    for kind, value in nodes:
        if kind in (op.LITERAL, op.NOT_LITERAL):
            yield chr(value)
        elif kind is op.IN:
            yield from literals(value)
        elif kind in REPEATS:
            yield from literals(value[2])
        elif kind is op.BRANCH:
            for each in value[1]:
                yield from literals(each)
        elif kind in (op.SUBPATTERN, op.ASSERT, op.ASSERT_NOT):
            yield from literals(value[-1])


def hostile(pattern: re.Pattern, length: int) -> Iterator[str]:
    """Yield texts in which a pattern could get lost."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    signs = list(dict.fromkeys([*literals(tree), *SIGNS]))
    if isinstance(pattern.pattern, bytes):
        signs = [sign for sign in signs if sign.isascii()]
    texts = dict[str, None]()
    for before, body in beginnings(tree, pattern.flags):
        if len(body) == 1 and body[0][0] in ONE_SIGN:
            pumps = [sign for sign in signs if is_in(sign, body[0], pattern.flags)][:6]
        else:
            pumps = [sample(body, pattern.flags)]
        for pump in filter(None, [*pumps, before + (pumps or [""])[0]]):
            texts[before + pump * (length // len(pump)) + "\x00"] = None
    yield from texts


def growth(pattern: re.Pattern, *, anchored: bool) -> tuple[float, str]:
    """Return how many times the steps grow where a text becomes twice as long, and in which."""
    worst = 0.0, ""
    for few, many in zip(hostile(pattern, FEW), hostile(pattern, MANY), strict=True):
        steps = [_steps(pattern, text, anchored=anchored) for text in (few, many)]
        worst = max(worst, (math.inf if steps[0] == math.inf else steps[1] / steps[0], many))
    return worst


def _steps(pattern: re.Pattern, text: str, *, anchored: bool) -> float:
    counting = Counting(pattern, text)
    try:
        counting.found(0) if anchored else counting.searched()
    except RecursionError:
        return math.inf
    return counting.steps


@pytest.fixture(autouse=True)
def deep():
    """A frame of the stack for each sign of a text, and several for each group."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(limit)


def patterns() -> Iterator[tuple[str, re.Pattern, bool]]:
    """Yield all patterns with their places; and whether each is tried at one place of a text."""
    for path in FILES:
        source = path.read_text("utf-8")
        if "re." not in source or "import re\n" not in source:
            continue
        place, tree = path.relative_to(ROOT), ast.parse(source)
        name = ".".join(path.with_suffix("").parts[path.parts.index("src") + 1 :])
        module = importlib.import_module(name.removesuffix(".__init__"))
        used = dict[str, set[str]]()
        for each in ast.walk(tree):
            if not isinstance(each, ast.Attribute) or not isinstance(each.value, ast.Name):
                continue
            used.setdefault(each.value.id, set()).add(each.attr)
        for known, value in vars(module).items():
            ways = used.get(known, set())
            for found, bound in _within(value):
                anchored = bound or (bool(ways) and ways <= _ANCHORED)
                yield f"{place}: {known}", found, anchored
        yield from ((f"{place}: {line}", *found) for line, *found in _written(tree))


def _within(value: object) -> Iterator[tuple[re.Pattern, bool]]:
    if isinstance(value, re.Pattern):
        yield value, False
    elif isinstance(getattr(value, "__self__", None), re.Pattern):
        yield value.__self__, value.__name__ in _ANCHORED
    elif isinstance(value, list | tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _within(each)


def _written(tree: ast.AST) -> Iterator[tuple[int, re.Pattern, bool]]:
    """Yield the patterns that are written where they are used."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        of, way = call.func.value, call.func.attr
        is_one = isinstance(of, ast.Name) and of.id == "re" and way not in ("compile", "escape")
        if is_one and call.args and isinstance(call.args[0], ast.Constant):
            yield call.lineno, re.compile(call.args[0].value), way in _ANCHORED


def test_no_pattern_takes_the_square_of_a_text():
    """Planted bugs: blanks before and after what may be missing; what begins anew at each sign of
    what it has been through."""
    found = list(patterns())
    assert len(found) > 100
    slow = {}
    for place, pattern, anchored in found:
        times, text = growth(pattern, anchored=anchored)
        if times > MOST:
            slow[place] = pattern.pattern, round(times, 1), text[:40]
    assert not slow, "\n".join(f"{place}: {told}" for place, told in slow.items())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"a\s*第?\s*b", "a" + " " * 9), (r"\[[^\]]*\]", "[" * 9), (r"(a+)+$", "aaaaab")],
)
def test_a_pattern_that_gets_lost_is_found(pattern, text):
    assert growth(re.compile(pattern), anchored=False)[0] > MOST
    assert (Counting(re.compile(pattern), text).found(0) is None) == (
        re.compile(pattern).match(text) is None
    )
