"""Finds numbers that lead to a person in a text: mobile numbers and identity numbers.

Both are those of mainland China: a mobile number has 11 digits from 13 to 19, an identity number
(GB 11643) 18 with a date of birth and a check digit. They are found however they are written:
in digits of any script or Chinese numerals, with separators between them, with +86 in front.

What only looks like one passes, because a refusal would stop honest work: digits within a token
of letters and digits, UUIDs, dates, times, coordinates, and amounts with their measure. Landline
numbers pass too: they belong to offices, and documents carry them; what was said by people in
their homes is looked through for them besides (`find_landline`), and what citizens write of their
own accord for bank cards and addresses of electronic mail as well (`find_of_citizens`). Time is
linear in the text.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

Kind = Literal["phone-number", "landline-number", "identity-number", "mail-address", "card-number"]

SHORTEST = 11
LONGEST = 10_000
"""A longer text is masked as a whole."""


class FoundNumber(NamedTuple):
    """A number that leads to a person, and where it stands in the text as it was normalised."""

    kind: Kind
    start: int
    end: int


class _Group(NamedTuple):
    """Digits that stand together."""

    digits: str
    start: int
    end: int


_NUMERALS = dict(
    zip("〇零一幺二三四五六七八九壹贰叁肆伍陆柒捌玖", "001123456789123456789", strict=True)
)
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})
_SEPARATING = frozenset(
    {"Zs", "Zl", "Zp", "Pd", "Pc", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sk", "So"}
)
# A comma stands within an amount and between two numbers, the others end one.
_DIVIDING = frozenset(",、;。!?%‰°′″:")

_GAP = "[-_./ ]"
_RUN = re.compile(rf"[0-9]+(?:{_GAP}+[0-9]+)*")
_DIGITS = re.compile("[0-9]+")
_TOKEN_BEFORE, _TOKEN_AFTER = re.compile("(?<![0-9a-z])[0-9a-z]*$"), re.compile("[0-9a-z]*")
_CHECK_X = re.compile(rf"{_GAP}?x(?![0-9a-z])")

_MOBILE = re.compile("(?:(?:00)?86|0)?1[3-9][0-9]{9}")
_MOBILE_WITHIN = re.compile("1[3-9][0-9]{9}")
_COUNTRY = re.compile("(?:00)?86(?=1)|0(?=1)")
_USUAL = frozenset(
    {(3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (3, 8), (3, 2, 2, 2, 2), (1,) * 11}
)
"""How people write the eleven digits in groups; found among other numbers too."""
_MOST_GROUPS = max(map(len, _USUAL))

_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_MEASURE = (
    "[万亿千百]{0,2}(?:元|圆|美元|欧元|日元|港元|港币|人民币|吨|千克|公斤|米|公里|平方|立方|亩|公顷"
    r"|千瓦|人次|件次|(?:cny|rmb|usd|eur|kwh|kg|m2|t)\b)|%|‰"
)
_AMOUNT = r"(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_HARMLESS = re.compile(
    "|".join(
        (
            "(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])",
            rf"(?<![0-9]){_YEAR}(?P<mark>[-./]){_MONTH}(?P=mark){_DAY}(?![0-9])",
            "(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])",
            r"(?<![0-9.])0\.[0-9]+",
            # A number with decimals that is told to be, or stands beside another, as in a pair
            # of longitude and latitude.
            r"(?:经|经度|纬|纬度|lon|lng|lat|longitude|latitude)[-: ]{0,2}[0-9]{1,3}\.[0-9]+",
            r"(?<![0-9.])[0-9]{1,3}\.[0-9]{4,}(?= ?[,;°e])",
            r"(?<=[,;])[0-9]{1,3}\.[0-9]{4,}(?![0-9.])",
            r"(?<=[,;] )[0-9]{1,3}\.[0-9]{4,}(?![0-9.])",
            rf"(?:[¥$€£]|cny|rmb|usd|人民币|金额)[: ]{{0,2}}{_AMOUNT}",
            rf"(?<![0-9])(?<![0-9]{_GAP}){_AMOUNT} ?(?={_MEASURE})",
            rf"(?<![0-9])(?<![0-9]{_GAP})[0-9]{{11}}\.[0-9]{{2}}(?![0-9.]| ?[月日])",
        )
    )
)


# What every such number has, and hardly anything else: eleven digits that nothing but letters
# could part, from 13 to 19 on, or from the 20 or 21 of a year of birth. To look for it digits from
# 3 on are written as 3, and what may stand between digits is left out.
_BEGINNINGS = re.compile(b"13[0-3]{9}"), re.compile(b"2[01][0-3]{9}")  # twice as fast as one
# Where letters and digits follow one another without a gap, they are a group of their own.
_GROUP = re.compile("(?<![0-9])(?:(?:0{0,2}86|0)?1[3-9][0-9]{9}(?![0-9])|[0-9]{17}[0-9xX])")
_SIGNS = bytes.maketrans(b"3456789", b"3333333")
_BETWEEN = bytes(code for code in range(128) if not chr(code).isalnum())
_BETWEEN_IN_A_LINE = _BETWEEN.replace(b"\n", b"")
# Where there are other signs than those of ASCII, eleven digits or numerals of any value, or one
# of the signs that stand for several, such as a fraction.
_DIGIT = rf"\d{''.join(_NUMERALS)}"
_ELEVEN = re.compile(
    rf"[{_DIGIT}](?:[^{_DIGIT}A-Za-z\u3400-\u4dbf\u4e00-\u9fff]*+[{_DIGIT}]){{10}}"
    r"|[\xb2\xb3\xb9\xbc-\xbe\u1369-\u1371\u19da\u2070-\u218f\u2460-\u24ff\u2776-\u2793"
    r"\u2f00-\u2fdf\u3192-\u3195\u3200-\u33ff\uf900-\ufaff\U00010000-\U0001ffff]"
)


class _Quick(NamedTuple):
    """What the quick look for a kind of number goes by."""

    shortest: int
    signs: bytes | None
    beginnings: tuple[re.Pattern[bytes], ...]
    group: re.Pattern[str]
    digits: re.Pattern[str]


_AT_PEOPLE = _Quick(SHORTEST, _SIGNS, _BEGINNINGS, _GROUP, _ELEVEN)

# An area code with its 0, or with +86 in its place, and a number that begins with 2 to 8: of 8
# digits in the largest cities, of 7 or 8 elsewhere. And the service numbers of 400 and 800.
_AREA = "(?:10|2[0-9])(?=[0-9]{8}$)|[3-9][0-9]{2}"
_LANDLINE = re.compile(
    rf"(?:(?:(?:00)?86)?0|(?:00)?86)(?:{_AREA})[2-8][0-9]{{6,7}}|(?:(?:00)?86)?[48]00[0-9]{{7}}"
)
_LANDLINE_BEGINS = re.compile("(?:(?:00)?86)?(?:0?(?:10|2[0-9]|[3-9][0-9]{2})?|[48]00[0-9]?)")
_LONGEST_LANDLINE, _MOST_PARTS = 16, 6
_FROM_ABROAD = ("86", "0086")
_HEXADECIMAL = frozenset("abcdef")
_AT_LANDLINES = _Quick(
    10,
    None,
    (re.compile(b"0[1-9][0-9]{8}|86[0-9]{9}|[48]00[0-9]{7}"),),
    re.compile("(?<![0-9])(?:(?:00)?86|0[1-9]|[48]00)[0-9]{7,}"),
    re.compile(_ELEVEN.pattern.replace("{10}", "{9}", 1)),
)


def may_hold(text: str, look: _Quick = _AT_PEOPLE) -> bool:
    """Say quickly whether a text may hold such a number; never no when `find` finds one."""
    if len(text) < look.shortest:
        return False
    if not text.isascii():
        return look.digits.search(text) is not None
    signs = text.encode().translate(look.signs, _BETWEEN)
    if not any(beginning.search(signs) for beginning in look.beginnings):
        return False
    return not text.isalnum() or look.group.search(text) is not None


def suspects(texts: Sequence[str], look: _Quick = _AT_PEOPLE) -> set[str]:
    """Return those of many texts that may hold such a number; they are searched all at once."""
    joined = "\n".join(texts)
    if not joined.isascii() or joined.count("\n") >= max(1, len(texts)):
        return {text for text in texts if may_hold(text, look)}
    signs = joined.encode().translate(look.signs, _BETWEEN_IN_A_LINE)
    found = set[str]()
    for each in look.beginnings:
        line, reached = 0, 0
        for beginning in each.finditer(signs):
            line += signs.count(b"\n", reached, beginning.start())
            reached = beginning.start()
            found.add(texts[line])
    return {text for text in found if may_hold(text, look)}


def find(text: str) -> FoundNumber | None:
    """Return the first number that leads to a person, or None."""
    return _find(_normal(text)) if may_hold(text) else None


def find_landline(text: str) -> FoundNumber | None:
    """Return the first landline or service number, or None."""
    if not may_hold(text, _AT_LANDLINES):
        return None
    written = "".join(_NUMERALS.get(sign, sign) for sign in map(_sign, _normal(text)))
    written = _HARMLESS.sub(lambda harmless: "\n" * len(harmless.group()), written)
    for run in _runs(written.replace(":", "-"), _AT_LANDLINES.shortest):
        for first, last in _landlines(run):
            found = FoundNumber("landline-number", run[first].start, run[last].end)
            around = (
                written[max(0, found.start - 1) : found.start],
                written[found.end : found.end + 1],
            )
            # Beside a letter of a hexadecimal number even one that is not followed by digits.
            if not _HEXADECIMAL.intersection(around) and not _within_a_token(written, found):
                return found
    return None


def find_any(text: str) -> FoundNumber | None:
    """Return the first number that leads to a person, or else the first landline number."""
    return find(text) or find_landline(text)


def _any_suspects(texts: Sequence[str]) -> set[str]:
    return suspects(texts) | suspects(texts, _AT_LANDLINES)


class Look(NamedTuple):
    """What texts are looked through for: slowly and surely, quickly, and many at once."""

    find: Callable[[str], FoundNumber | None]
    may_hold: Callable[[str], bool]
    suspects: Callable[[Sequence[str]], set[str]]


PEOPLE = Look(find, may_hold, suspects)
"""For numbers that lead to a person."""

EVERYTHING = Look(
    find_any, lambda text: may_hold(text) or may_hold(text, _AT_LANDLINES), _any_suspects
)
"""For these and for landline numbers."""


# Cards of UnionPay (62, and 9558 of before it), Visa, Mastercard and JCB, by their first digits.
_CARD = re.compile("62[0-9]{14,17}|9558[0-9]{15}|4[0-9]{15}|(?:5[1-5]|35)[0-9]{14}")
_MAIL = re.compile(
    r"[a-z0-9][a-z0-9._%+-]{0,63} ?@ ?[a-z0-9-]{1,63}(?: ?\. ?[a-z0-9-]{2,63}){1,8}(?![a-z0-9])"
)


def find_card(text: str) -> FoundNumber | None:
    """Return the first number of a bank card, whose check digit holds (Luhn), or None."""
    written = "".join(map(_sign, _normal(text)))
    for run in _runs(written, 16):
        for first, group in enumerate(run):
            digits = list(accumulate(each.digits for each in run[first:]))
            for last, each in zip(run[first:], digits, strict=True):
                found = FoundNumber("card-number", group.start, last.end)
                if _CARD.fullmatch(each) and _checks(each) and not _within_a_token(written, found):
                    return found
    return None


def _checks(digits: str) -> bool:
    twice = (sum(divmod(2 * int(each), 10)) for each in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(twice)) % 10 == 0


def find_mail(text: str) -> FoundNumber | None:
    """Return the first address of electronic mail, or None."""
    found = _MAIL.search(_normal(text).lower()) if "@" in _normal(text) else None
    return found and FoundNumber("mail-address", found.start(), found.end())


def find_of_citizens(text: str) -> FoundNumber | None:
    """Return the first thing in a text that leads to whoever wrote it: a number, a bank card or an
    address of electronic mail."""
    return find_any(text) or find_card(text) or find_mail(text)


OF_CITIZENS = Look(find_of_citizens, lambda text: len(text) > 4, set)
"""For all that a citizen may leave in a text: a phone, a bank card, an address."""


def masked(text: str) -> str:
    """Return the text with such numbers, and landline numbers, as ``***``: for what repeats
    something that was sent."""
    if len(text) > LONGEST:
        return "***" if find_any(text) else text
    while found := find_any(text):
        text = _normal(text)
        text = f"{text[: found.start]}***{text[found.end :]}"
    return text


def _find(text: str) -> FoundNumber | None:
    written = "".join(map(_sign, text))
    found = _found(written)
    if found is None and not text.isascii() and any(sign in _NUMERALS for sign in text):
        signs = [_NUMERALS.get(sign, sign) for sign in written]
        found = _written_out(written, signs) or _found("".join(signs))
    return found


def _normal(text: str) -> str:
    """Return the text in compatibility form (NFKC), without what has no width."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if _sign(sign))


@lru_cache(maxsize=4096)
def _sign(sign: str) -> str:
    """Return a digit in ASCII, what may stand between digits as one of five, and "" for nothing."""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    if sign in "-_./ " or sign in _DIVIDING:
        return sign
    if sign in "\n\r\t":
        return " "
    kind = unicodedata.category(sign)
    if kind in _UNSEEN:
        return ""
    if kind in _SEPARATING:
        return " " if kind.startswith("Z") else "-"
    lower = sign.lower()
    return lower if len(lower) == 1 else sign


def _found(written: str) -> FoundNumber | None:
    """Return the first number in a text whose signs are normalised."""
    for run in _runs(written):
        if found := _identity(written, run):
            return found
    written = _HARMLESS.sub(lambda harmless: "\n" * len(harmless.group()), written)
    for run in _runs(written.replace(":", "-")):
        if found := _mobile(written, run):
            return found
    return None


def _runs(written: str, shortest: int = SHORTEST) -> Iterator[list[_Group]]:
    for run in _RUN.finditer(written):
        if run.end() - run.start() >= shortest:
            start, groups = run.start(), _DIGITS.finditer(run.group())
            yield [_Group(g.group(), start + g.start(), start + g.end()) for g in groups]


def _mobile(written: str, run: Sequence[_Group]) -> FoundNumber | None:
    for first, last in _candidates(written, run):
        found = FoundNumber("phone-number", run[first].start, run[last].end)
        if not _within_a_token(written, found):
            return found
    return None


def _landlines(run: Sequence[_Group]) -> Iterator[tuple[int, int]]:
    """Yield the groups that are a landline number: one alone, area code and number however they
    are parted further, all together."""
    digits = [group.digits for group in run]
    for first in range(len(run)):
        for last in range(first, min(first + _MOST_PARTS, len(run))):
            if _is_landline(digits[first : last + 1]):
                yield first, last
    if len(run) <= _LONGEST_LANDLINE and _LANDLINE.fullmatch("".join(digits)):
        yield 0, len(run) - 1


def _is_landline(parts: Sequence[str]) -> bool:
    """Say whether digits are a landline number that is parted as people write it."""
    if len(parts) > 2 and parts[0] in _FROM_ABROAD and len(parts[1]) == 2:
        parts = [parts[0] + parts[1], *parts[2:]]
    if len(parts) > 1 and (
        not _LANDLINE_BEGINS.fullmatch(parts[0]) or min(map(len, parts[1:])) < 3
    ):
        return False
    return _LANDLINE.fullmatch("".join(parts)) is not None


def _candidates(written: str, run: Sequence[_Group]) -> Iterator[tuple[int, int]]:
    """Yield the groups that may be a mobile number: one alone, some as usual, all together."""
    for first, group in enumerate(run):
        if _MOBILE.fullmatch(group.digits):
            yield first, first
        for size in _usual_sizes(run[first : first + _MOST_GROUPS]):
            yield first, first + size - 1
    if _is_mobile_as_a_whole(written, run):
        yield 0, len(run) - 1


def _usual_sizes(groups: Sequence[_Group]) -> Iterator[int]:
    """Yield how many of the groups, from the first, are a mobile number written as usual."""
    digits = [each.digits for each in groups]
    if len(digits[0]) > 3:
        digits[0] = _COUNTRY.sub("", digits[0], count=1)
    if not digits[0].startswith("1"):
        return
    lengths = tuple(map(len, digits))
    for usual in _USUAL:
        size = len(usual)
        if lengths[:size] == usual and _MOBILE.fullmatch("".join(digits[:size])):
            yield size


def _is_mobile_as_a_whole(written: str, run: Sequence[_Group]) -> bool:
    """Say whether all groups together are a mobile number, however they are grouped."""
    if len(run) > 2 * SHORTEST or _is_one_number(written, run):
        return False
    return bool(_MOBILE.fullmatch("".join(group.digits for group in run)))


def _is_one_number(written: str, run: Sequence[_Group]) -> bool:
    """Say whether two groups are a decimal number or a fraction."""
    return len(run) == 2 and written[run[0].end : run[1].start] in {".", "/"}


def _within_a_token(written: str, found: FoundNumber) -> bool:
    """Say whether the digits belong to a longer token of letters and digits, as in a hash.

    A few letters alone before or after them do not make one: they would hide any number.
    """
    before = written[max(0, found.start - 128) : found.start]
    around = _TOKEN_BEFORE.search(before), _TOKEN_AFTER.match(written, found.end)
    return any(part is not None and _DIGITS.search(part.group()) for part in around)


def _written_out(written: str, signs: Sequence[str]) -> FoundNumber | None:
    """Return a mobile number among Chinese numerals alone, which never are so many in a row."""
    only = "".join(
        sign if old in _NUMERALS else "\n" if old.isdigit() else sign
        for old, sign in zip(written, signs, strict=True)
    )
    for run in _runs(only):
        digits = "".join(group.digits for group in run)
        if found := _MOBILE_WITHIN.search(digits):
            places = [at for group in run for at in range(group.start, group.end)]
            return FoundNumber("phone-number", places[found.start()], places[found.end() - 1] + 1)
    return None


def _identity(written: str, run: Sequence[_Group]) -> FoundNumber | None:
    """Return an identity number: 18 digits, the last of which may be an x."""
    ends = list(accumulate((len(group.digits) for group in run), initial=0))
    digits = "".join(group.digits for group in run)
    where = {end: row for row, end in enumerate(ends)}
    x = _CHECK_X.match(written, run[-1].end)
    for begin in ends[:-1]:
        end = where.get(begin + 18)
        last, number = run[-1].end, digits[begin : begin + 18]
        if end is not None:
            last = run[end - 1].end
        elif x is not None and ends[-1] == begin + 17:
            last, number = x.end(), f"{digits[begin:]}x"
        else:
            continue
        found = FoundNumber("identity-number", run[where[begin]].start, last)
        if _is_identity(number) and not _within_a_token(written, found):
            return found
    return None


def _is_identity(number: str) -> bool:
    """Say whether the date of birth is one of the last two centuries, and the check digit holds."""
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weighed = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(number[:17]))
    return (
        "11" <= number[:2] <= "83"
        and 1900 <= born.year <= 2100
        and "10x98765432"[weighed % 11] == number[17]
    )
