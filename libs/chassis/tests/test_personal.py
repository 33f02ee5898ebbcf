"""Numbers that lead to a person are found however they are written, and nothing else is."""

import json
import random
import re
import time
import unicodedata
from pathlib import Path

import pytest
from random_tokens import SHAPES, false_alarms

from chassis import personal

NUMBER = "13800138000"
HIDDEN = [
    NUMBER,
    "138-0013-8000-aaaa",
    "1380_0138_000_aaaa",
    "张三 13800138000",
    "张三13800138000",
    "请与李四联系（13800138000）。",
    "电话:138 0013 8000",
    "138.0013.8000",
    "138·0013·8000",
    "138/0013/8000",
    "138\\0013\\8000",
    "138*0013*8000",
    "138:0013:8000",
    "138—0013—8000",
    "138 - 0013 - 8000",
    "138\u00a00013\u30008000",
    "138\u200b0013\u200d8000",
    "138\n0013\t8000",
    "1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e33800\ufe0f\u20e30",
    "(138)0013-8000",
    "【138】0013【8000】",
    "1 3 8 0 0 1 3 8 0 0 0",
    "13 80 01 38 00 0",
    "1380013 8000",
    "13800-138000",
    "+86 138 0013 8000",
    "+8613800138000",
    "0086-13800138000",
    "(+86)138-0013-8000",
    "86138-0013-8000",
    "013800138000",
    "１３８００１３８０００",
    "١٣٨٠٠١٣٨٠٠٠",
    "०१३८००१३८०००",
    "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
    "①③⑧①①①③⑧①①①",
    "一三八〇〇一三八〇〇〇",
    "幺三八 零零幺三 八零零零",
    "张三一三八零零一三八零零零",
    "壹叁捌零零壹叁捌零零零",
    "1三8零零138零零零",
    "13800138000x",
    "tel13800138000xyz",
    "tel8613800138000x",
    "x1_138_0013_8000",
    "1.138-0013-8000",
    "2025-1-1 138-0013-8000",
    "投资15000万元，联系人王五13800138000",
    "11010519491231002X",
    "11010519491231002x",
    "110105 19491231 002X",
    "张三110105-1949-12-31-002X",
    "１１０１０５１９４９１２３１００２Ｘ",
    "一一〇一〇五一九四九一二三一〇〇二X",
    "440524198001010013",
]
NAMED = json.loads(Path(__file__).with_name("harmless-numbers.json").read_text("utf-8"))
HARMLESS = [text for name, texts in NAMED.items() if name != "source" for text in texts]


@pytest.mark.parametrize("text", HIDDEN)
def test_a_number_that_leads_to_a_person_is_found(text):
    """Planted bug: look for 1[3-9] and nine ASCII digits, without any normalising."""
    assert personal.find(text) is not None


@pytest.mark.parametrize("text", HIDDEN)
def test_a_masked_text_holds_no_such_number(text):
    masked = personal.masked(f"甲{text}乙 {text} 13800138001")
    assert "***" in masked
    assert personal.find(masked) is None
    assert "0013" not in masked
    assert "1949" not in masked


def test_there_are_harmless_numbers_of_every_sort_to_try():
    assert len(HARMLESS) > 400


@pytest.mark.parametrize("name", [name for name in NAMED if name != "source"])
def test_what_only_looks_like_such_a_number_passes(name):
    refused = [text for text in NAMED[name] if personal.find(text) is not None]
    assert refused == []


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),  # another check digit
        ("110105194913310029", False),  # no month 13
        ("11010519491231002", False),
        ("121200004013590816", False),  # a social credit code
    ],
)
def test_an_identity_number_has_a_date_and_a_check_digit(number, found):
    assert (personal.find(number) is not None) is found


@pytest.mark.parametrize("shape", SHAPES)
def test_random_tokens_are_not_refused_because_digits_in_them_look_like_a_number(shape):
    """Planted bug: take any run of 11 digits for a number, and three digests in a thousand are."""
    assert false_alarms(shape, 5_000) <= 1


@pytest.mark.parametrize(
    "part", ["13 ", "1380 0138 ", "字1", "三", "13800138000a1 ", "-", "1", "x1."]
)
def test_the_time_is_linear_in_the_text(part):
    """Planted bug: join all groups of digits from every group on."""

    def seconds(signs):
        started = time.process_time()
        personal.find((part * signs)[:signs])
        return time.process_time() - started

    seconds(1000)
    assert seconds(200_000) < 400 * max(seconds(2_000), 0.0005)


def found_slowly(text):
    return len(text) >= personal.SHORTEST and personal._find(personal._normal(text)) is not None


def drawn_texts(seed, number):
    """Draw texts of the signs that numbers are written with, most of them nearly one."""
    dice = random.Random(f"{seed} texts")  # noqa: S311 - the same every time
    signs = ["1", "13", "138", "0", "00", "86", "19", "20", "21", "7", "9", "１", "三", "①", "½",
             "-", " ", "_", ".", ":", ",", "\n", "\x01", "·", "　", "\u200b", "a", "X", "x", "字",
             "㎡", "月", "$", "%", "13800138000", "110105194912310021",
             "44052420010101001"]  # fmt: skip
    for _ in range(number):
        yield "".join(dice.choices(signs, k=dice.randint(1, 14)))


def test_the_quick_look_never_misses_what_is_found_slowly():
    """Planted bugs: forget years of birth from 2000 on; let a colon part digits; join lines without
    leaving out what may stand between."""
    texts = [*HIDDEN, *HARMLESS, *drawn_texts(7, 10_000)]
    texts += [
        f"{before}{text}{after}" for text in HIDDEN for before, after in ("甲a", "a甲", "\n\n")
    ]
    held = {text for text in texts if found_slowly(text)}
    assert len(held) > 500
    assert held <= {text for text in texts if personal.may_hold(text)}
    assert held <= personal.suspects(texts)
    ascii_texts = [text for text in texts if text.isascii() and "\n" not in text]
    assert held & set(ascii_texts) <= personal.suspects(ascii_texts)


def test_the_quick_look_spares_most_harmless_texts():
    """Otherwise it would never miss one and spare nothing."""
    spared = [text for text in HARMLESS if not personal.may_hold(text)]
    assert len(spared) > len(HARMLESS) / 2
    dice = random.Random(1)  # noqa: S311 - the same every time
    tokens = [SHAPES["UUID, hexadecimal"](dice) for _ in range(2000)]
    assert len(personal.suspects(tokens)) < 20


def test_every_sign_that_stands_for_a_digit_is_known_to_the_quick_look():
    """Planted bug: look for `\\d` alone: a circled one is no decimal digit."""
    several = re.compile(personal._ELEVEN.pattern.partition("|")[2])
    single = re.compile(rf"[{personal._DIGIT}]")
    parting = re.compile(r"[A-Za-z\u3400-\u4dbf\u4e00-\u9fff]")
    for sign in map(chr, (*range(128, 0xD800), *range(0xE000, 0x20000), *range(0xF0000, 0xF0010))):
        written = unicodedata.normalize("NFKC", sign)
        digits = sum(
            each in personal._NUMERALS or unicodedata.digit(each, None) is not None
            for each in written
        )
        if digits:
            known = several.match(sign) or (digits == 1 and single.match(sign))
            assert known, f"{sign} {ord(sign):x}"
        elif parting.match(sign):
            assert not set(map(personal._sign, written)) <= set("-_./ :") | {""}, f"{ord(sign):x}"


LANDLINES = [
    "057187654321",
    "0571-87654321",
    "0571 8765 4321",
    "(0571)87654321",
    "【0571】8765-4321",
    "0571.8765.4321",
    "0571/87654321",
    "0571\u200b8765\u200c4321",
    "0 5 7 1 8 7 6 5 4 3 2 1",
    "+86 571 87654321",
    "+8657187654321",
    "0086-0571-8765-4321",
    "８６－０５７１－８７６５４３２１",
    "٠٥٧١٨٧٦٥٤٣٢١",
    "零五七一八七六五四三二一",
    "〇五七一 八七六五 四三二一",
    "0五71-8765-四321",
    "0771-2345678",
    "010-62345678",
    "张三 +86 10 6234 5678，家住城南",  # 三 is a digit, too
    "第2户 0086 21 6234 5678",
    "+86-10-62345678",
    "400-123-4567",
    "4001234567",
    "8001 234 567",
    "tel_057187654321",
    "tel057187654321",
    "请拨0571-87654321转801，找李四",
    "2025-11-27 0571-87654321",
]
NO_LANDLINES = [
    "20251231",
    "B-2026-11-27-001",
    "2026-11-27 10:00:00",
    "110105194912310021",
    "91330100MA27XYZ123",
    "a1b057187654321",
    "e057187654321",
    "123057187654321",
    "0.57187654321",
    "057187654321元",
    "金额 4001234567",
    "0571",
    "87654321",
    "010-2026",
    "05711765432",  # no number begins with 1
    "01062345",
    "0106234567",  # eight digits in the largest cities
    "67d0571a-8765-4321-9abc-057187654321",
]


@pytest.mark.parametrize("text", LANDLINES)
def test_a_landline_number_is_found_by_whoever_looks_for_one(text):
    """Planted bug: look for the area code and the number in ASCII digits with a dash between."""
    assert personal.find_landline(text) is not None
    assert text in personal.EVERYTHING.suspects(["", text, "甲"])
    assert text in personal.EVERYTHING.suspects(["a", text, "b"])
    assert personal.EVERYTHING.may_hold(text)
    assert "***" in personal.masked(f"甲{text}")
    assert personal.find_landline(personal.masked(f"甲{text}")) is None


@pytest.mark.parametrize("text", NO_LANDLINES)
def test_what_only_looks_like_a_landline_number_passes(text):
    assert personal.find_landline(text) is None


@pytest.mark.parametrize("shape", SHAPES)
def test_random_tokens_are_no_landline_numbers(shape):
    """Planted bug: leave out what stands beside the digits."""
    dice = random.Random(f"3 {shape}")  # noqa: S311 - the same every time
    tokens = [SHAPES[shape](dice) for _ in range(20_000)]
    assert not any(map(personal.find_landline, personal.EVERYTHING.suspects(tokens)))


CARDS = [
    "6222 0212 3456 7890 128",
    "卡号：６２２２-０２１２-３４５６-７８９０-１２８。",
    "4111111111111111",
    "5500 0000 0000 0004 退款",
]
MAILS = ["wang@example.com", "邮箱 Wang.Li＠mail.example.cn 请回复", "wang @ example . com"]
NEITHER = [
    "6222 0212 3456 7890 127",  # the check digit
    "91330100MA27XYZ123",
    "DD20250317000123456",
    "订单 202503170001234567",
    "@所有人 请知悉",
    "@示范区。谢谢",
    "a@b",
]


@pytest.mark.parametrize("text", [*CARDS, *MAILS, *LANDLINES])
def test_what_a_citizen_may_leave_in_a_text_is_found_where_citizens_write(text):
    """Planted bugs: a card in ASCII digits without blanks alone; an address in ASCII alone."""
    assert personal.OF_CITIZENS.may_hold(text)
    assert personal.OF_CITIZENS.find(text) is not None


@pytest.mark.parametrize("text", NEITHER)
def test_what_only_looks_like_a_card_or_an_address_passes(text):
    """Planted bug: the check digit of a card does not matter."""
    assert personal.OF_CITIZENS.find(text) is None
