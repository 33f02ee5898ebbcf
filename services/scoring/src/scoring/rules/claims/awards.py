"""The award or criticism that a claim is about, recognised by its document.

Document numbers, authorities and dates are brought to one form, so that what is only written
another way is equal. Two claims with one fingerprint are about the same document.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from scoring.rules.claims.checks import DEDUCTION

Likeness = Literal["same_document", "same_number", "same_authority_and_date"]
"""How two documents are alike: equal, of one number with another date, or the reverse."""

SAME_DOCUMENT: Likeness = "same_document"

# Letters that look alike in two scripts, large and small: whoever reads them sees one word.
_LOOKS = str.maketrans(
    "АВЕЅЗІЈКМНОРСТУХԚԜѴаеѕіјорсухһԁԛԝѵкмнтвгɡıΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχηγ",
    "ABES3IJKMHOPCTYXQWVaesijopcyxhdqwvkmhtbrgiABEZHIKMNOPTYXabeikvoptuxny",
)
# What document numbers are made of, in the characters of Hong Kong and Taiwan.
_SIMPLIFIED = str.maketrans(
    "號發辦國會黨廳縣區農財環衛軍團聯婦總獎評績統計審監稅質檢資產業務勞動護電網訊與書議協組織傳戰線際貿"
    "經濟創導領處綜應災險補製華東雲廣灣漢陽陰長門開關臺鄉鎮滬蘇貴寧贛魯遼龍隴瓊內個萬億實驗點準標優進級"
    "單員學術藝體醫藥運輸鐵鋼銀證債價費預決選舉機構編檔錄項貳參陸兩",
    "号发办国会党厅县区农财环卫军团联妇总奖评绩统计审监税质检资产业务劳动护电网讯与书议协组织传战线际贸"
    "经济创导领处综应灾险补制华东云广湾汉阳阴长门开关台乡镇沪苏贵宁赣鲁辽龙陇琼内个万亿实验点准标优进级"
    "单员学术艺体医药运输铁钢银证债价费预决选举机构编档录项贰叁陆两",
)
# Numerals as they are written on cheques, and circles for zero.
_WRITTEN = str.maketrans("○◯壹贰叁肆伍陆柒捌玖拾佰", "〇〇一二三四五六七八九十百")
_YEAR = re.compile("^((?:19|20)[0-9]{2})0+(?=[1-9])")
_NUMERALS = dict(zip("〇零一二三四五六七八九", (0, *range(10)), strict=True))
_NUMERAL = re.compile("[〇零一二三四五六七八九十百]+")
_TENS = re.compile("(?:(D)?百)?零?(?:(D)?十)?(D)?".replace("D", "[〇零一二三四五六七八九]"))
# Letters that show nothing, and would tell two equal texts apart.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0")
_FILLING = frozenset("第年")
_AND = "与和及暨"


class ClaimedDocument(Protocol):
    """The fields of a claim by which its document is recognised."""

    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def rule(self) -> str | None: ...  # noqa: D102
    @property
    def authority(self) -> str | None: ...  # noqa: D102
    @property
    def document_no(self) -> str | None: ...  # noqa: D102
    @property
    def document_date(self) -> date | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Award:
    """The document behind a claim: `fingerprint` is equal for all claims on the same one.

    `number` and `authority` are in the one form they are compared in, empty where none was given.
    """

    fingerprint: str
    kind: str
    number: str
    authority: str
    dated: date | None


def award_of(claim: ClaimedDocument) -> Award:
    """Return the document that a claim is about.

    A document is known by its number and date; the authority is part of the number (机关代字) and
    would only give other ways to write it. A criticism without number is known by whom it fell
    on, for what, and when.
    """
    number = plain_number(claim.document_no or "")
    known = [claim.kind, number, str(claim.document_date)]
    if not number and claim.kind == DEDUCTION:
        known += [claim.unit, claim.rule or ""]
    return Award(
        hashlib.sha256("\x1f".join(known).encode()).hexdigest(),
        claim.kind,
        number,
        plain_authority(claim.authority or ""),
        claim.document_date,
    )


def plain_number(document_no: str) -> str:
    """Return a document number (文号) as letters and digits: 省发〔2025〕第09号 is 省发20259."""
    text = re.sub("(?<=[0-9])o", "0", _plainly(document_no))
    text = re.sub("(?<=[0-9])[il]", "1", text)
    text = re.sub("号(?:文件|文|件)?", " ", text)
    text = re.sub("字(?=[^字]?[0-9第])", "", re.sub(r"(?<![a-z])no\.?(?=[0-9])", "", text))
    kept = re.sub(r"[^\w]|_", " ", "".join(" " if c in _FILLING else c for c in text))
    return "".join(_counted_up(word) if word.isdigit() else word for word in _words(kept))


def _counted_up(digits: str) -> str:
    """Return a number without zeros before it, or between it and its year: 202509 is 2025 and 9."""
    return _YEAR.sub(r"\1", digits.lstrip("0"))


def plain_authority(name: str) -> str:
    """Return an authority's name without what joins several of them, spaces and case."""
    return _letters(re.sub(f"[{_AND}]", "", _plainly(name)))


def plain_item(name: str) -> str:
    """Return the name of an award in its document, or of an event, in the form it is compared."""
    return _letters(_plainly(name))


def plain_event(event_key: str) -> str:
    """Return an event's key in the form it is compared: one width, case and dash, no spaces."""
    text = _plainly(event_key, numerals=False)
    return "".join("-" if unicodedata.category(c) == "Pd" else c for c in text)


def likeness(one: Award, other: Award) -> Likeness | None:
    """Say how two documents are alike, None when they are not."""
    if one.fingerprint == other.fingerprint:
        return SAME_DOCUMENT
    if one.kind != other.kind:
        return None
    if one.number and one.number == other.number:
        return "same_number"
    if one.authority and (one.authority, one.dated) == (other.authority, other.dated):
        return "same_authority_and_date"
    return None


def shares_fit(shares: Iterable[Decimal]) -> bool:
    """Say whether shares of one award are positive and come to no more than the whole."""
    found = list(shares)
    return all(share > 0 for share in found) and sum(found, Decimal(0)) <= 1


def _plainly(text: str, *, numerals: bool = True) -> str:
    """Return a text in the one form of compatible characters, with plain digits.

    What takes no place on paper goes first, so that it cannot split a number in two; spaces go
    too, because people set them anywhere.
    """
    seen = unicodedata.normalize("NFKC", text).translate(_LOOKS).translate(_SIMPLIFIED)
    bare = unicodedata.normalize("NFKD", seen.translate(_WRITTEN).casefold())
    shown = "".join(_digit(c) for c in bare if _shows(c)).translate(_LOOKS)
    shown = unicodedata.normalize("NFKC", shown)
    return _NUMERAL.sub(_counted, shown) if numerals else shown


def _shows(character: str) -> bool:
    hidden = unicodedata.category(character) in {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"}
    return not (hidden or character in _BLANK or character.isspace())


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _counted(found: re.Match[str]) -> str:
    """Write a Chinese numeral in digits, digit by digit or by tens; leave what is neither."""
    word = found[0]
    if not set(word) & set("十百"):
        return "".join(str(_NUMERALS[c]) for c in word)
    tens = _TENS.fullmatch(word)
    if tens is None:
        return word
    hundreds, ten, one = tens.groups()
    value = _NUMERALS[hundreds or "一"] * 100 if "百" in word else 0
    value += _NUMERALS[ten or "一"] * 10 if "十" in word else 0
    return str(value + (_NUMERALS[one] if one else 0))


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _words(text: str) -> list[str]:
    """Split a text between letters and digits, and at whatever is neither."""
    return re.findall(r"[0-9]+|[^\W\d_]+", text)
