"""One form for what is written in many ways: document numbers, authorities, names and keys.

Brackets, widths, numerals, spaces, letters that look alike and the characters of Hong Kong and
Taiwan make no difference.
"""

import re
import unicodedata

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
