"""Limits of scoring at their last value and past it, where no other file tries them.

Planted bugs, seen to fail: `>` for `>=` in the directory of an old document, which took one sector
more; `<` for `<=` in a dozen of the others.
"""

import datetime as dt
import io
import json
import math
import struct
import zipfile
import zlib
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from uuid import UUID, uuid4

import numpy as np
import pytest

from chassis.pages import NoSuchPlace, PageRequest
from scoring.api.checks import draws
from scoring.api.evidence import named
from scoring.api.evidence import pictures as cleaning
from scoring.api.evidence.named import reading_duties
from scoring.api.items import tasks as item_tasks
from scoring.api.items.tasks import kinds
from scoring.api.ledger import clocks
from scoring.queries import item_events
from scoring.rules.checks.draw import SeedDayRefused, check_seed_day
from scoring.rules.claims import filings, highlights
from scoring.rules.columns import exact, powers, whole
from scoring.rules.columns.exact import Undefined
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Whole
from scoring.rules.complaints import moving as complaint_moving
from scoring.rules.complaints import ratings
from scoring.rules.evidence import (
    archives,
    attachments,
    boxes,
    cfb,
    packages,
    pdf,
    pictures,
    restoring,
)
from scoring.rules.evidence.refusals import (
    EvidenceDamaged,
    EvidenceExpands,
    EvidencePdfActs,
    EvidencePictureTooLarge,
)
from scoring.rules.items import given, intake
from scoring.rules.items import moving as item_moving
from scoring.rules.ledger import likeness
from scoring.rules.methods import formulas
from scoring.rules.reports import matters
from scoring.rules.scheme import document
from scoring.rules.sheet import composing

DAY = dt.date(2025, 3, 1)


def refused(kind, call, *args):
    """Say whether something is refused so, and in no other way."""
    try:
        call(*args)
    except kind:
        return True
    return False


# --- numbers --------------------------------------------------------------------------------------


def test_powers_and_roots_are_exact_as_far_as_they_may_be(monkeypatch):
    most = exact._LARGEST_EXPONENT
    assert exact.power(Fraction(2), Fraction(most)) == 2**most
    assert exact.power(Fraction(2), Fraction(-most)) == Fraction(1, 2**most)
    for exponent in (most + 1, -most - 1):
        assert refused(Undefined, exact.power, Fraction(2), Fraction(exponent))
    most = exact._LARGEST_POWER_OF_A_ROOT
    assert exact.power(Fraction(5**7), Fraction(most, 7)) == 5**most
    assert exact.power(Fraction(5**7), Fraction(most + 1, 7)) != 5 ** (most + 1)
    assert exact.has_exact_root(exact._LARGEST_ROOT)
    assert not exact.has_exact_root(exact._LARGEST_ROOT + 1)
    monkeypatch.setattr(exact, "_LARGEST_ROOT", 3)
    base = 10**60 + 1
    assert exact.power(Fraction(base**3), Fraction(1, 3)) == base
    assert exact.power(Fraction(base**5), Fraction(1, 5)) != base


def test_a_number_has_as_many_bits_and_places_as_it_may():
    most = exact._MOST_BITS
    exact.bounded(most)
    exact.bounded(Fraction(2 ** (most - 1)))
    assert refused(Undefined, exact.bounded, most + 1)
    assert refused(Undefined, exact.bounded, Fraction(2**most))
    assert exact.is_writable(Fraction(2), most)
    assert not exact.is_writable(Fraction(2), most + 1)
    places = exact._MOST_WRITTEN
    assert exact.precise(Fraction(1, 10**places)).endswith(f"(= 0.{'1'.rjust(places, '0')})")
    assert exact.precise(Fraction(1, 10 ** (places + 1))).endswith(f"/ {10 ** (places + 1)})")
    for n in (0, formulas._MOST_PLACES):
        assert formulas._rounded(Fraction(1), Fraction(n)) == 1
    for n in (-1, formulas._MOST_PLACES + 1):
        assert refused(Undefined, formulas._rounded, Fraction(1), Fraction(n))


def test_columns_are_of_machine_words_up_to_the_largest():
    """Planted bug: the largest wraps round."""
    for value, kind in ((whole.LARGEST, np.int64), (whole.LARGEST + 1, object)):
        for sign in (1, -1):
            column = Whole.of([sign * value, 0])
            assert column.array.dtype == kind
            assert [int(each) for each in column.array] == [sign * value, 0]


def test_powers_are_tried_as_floats_within_bounds():
    """The nearest float is a little more than 10 to the hundredth."""
    ratios = [(Quotients.of([Decimal(1), Decimal(2)]), Fraction(1))]
    for points, near in ((powers._MOST, False), (math.nextafter(powers._MOST, 0), True)):
        found = powers._near(Fraction(points), ratios, [Fraction(1)])
        assert (found is not None) == near
    far = [(ratios[0][0], Fraction(powers._MOST))]
    assert powers._near(Fraction(1), far, [Fraction(1)]) is None


# --- what is read of files ------------------------------------------------------------------------


def package(number):
    """A package with so many empty parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for n in range(number):
            packed.writestr(zipfile.ZipInfo(f"{n}"), b"")
    return held


def test_a_package_has_as_many_parts_and_as_large_a_directory_as_it_may(monkeypatch):
    for number, expands in ((packages._MOST_ENTRIES, False), (packages._MOST_ENTRIES + 1, True)):
        held = package(number)
        size = held.tell()
        assert refused(EvidenceExpands, packages._directory, held, size) == expands
    small = package(3)
    size, length = small.tell(), 3 * (46 + 1)
    for most, expands in ((length, False), (length - 1, True)):
        monkeypatch.setattr(packages, "_LARGEST_DIRECTORY", most)
        assert refused(EvidenceExpands, packages._directory, small, size) == expands


@pytest.mark.parametrize(
    ("packed", "unpacked", "expands"),
    [
        (packages._MOST_UNPACKED // 2, packages._MOST_UNPACKED, False),
        (packages._MOST_UNPACKED // 2, packages._MOST_UNPACKED + 1, True),
        (1_000_000, 1_000_000 * packages._MOST_RATIO, False),
        (1_000_000, 1_000_000 * packages._MOST_RATIO + 1, True),
        (1, packages._SMALL, False),
        (1, packages._SMALL + 1, True),
    ],
)
def test_a_package_unpacks_to_as_much_as_it_may(packed, unpacked, expands):
    part = SimpleNamespace(header_offset=0, compress_size=packed, file_size=unpacked, flag_bits=0)
    assert refused(EvidenceExpands, packages._check_layout, [part], 10**10) == expands


def test_a_list_of_parts_is_as_long_as_it_may_be():
    for over, expands in ((0, False), (1, True)):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("a.rels", b" " * (packages._MOST_RELATIONS + over))
        with zipfile.ZipFile(held) as packed:
            [entry] = packed.infolist()
            assert refused(EvidenceExpands, packages._whole, packed, entry) == expands


def test_objects_of_a_pdf_unpack_to_as_much_as_they_may(monkeypatch):
    for over, expands in ((0, False), (1, True)):
        packed = zlib.compress(b" " * (pdf._MOST_OF_ONE + over))
        assert refused(EvidenceExpands, pdf._unpacked, packed, 0) == expands
    one = zlib.compress(b" " * 40)
    whole_file = b"".join(
        b"%d 0 obj <</Type /ObjStm /Filter /FlateDecode>>\nstream\n%s\nendstream endobj\n"
        % (n, one)
        for n in (1, 2)
    )
    for most, expands in ((80, False), (79, True)):
        monkeypatch.setattr(pdf, "_MOST_UNPACKED", most)
        assert refused(EvidenceExpands, pdf._check_objects, whole_file) == expands


def test_a_pdf_carries_as_many_and_as_large_files_as_it_may():
    for over, expands in ((0, False), (1, True)):
        view = b"/EmbeddedFile " * (attachments._MOST + over)
        assert refused(EvidencePdfActs, attachments._few, attachments._STREAMS, view) == expands
        content = b"[%s]" % (b" " * (attachments._MOST_OF_ONE + over - 2))
        assert refused(EvidenceExpands, attachments._check_content, content) == expands
        packed = zlib.compress(content)
        found = attachments._unpacked(packed)
        assert len(found) == attachments._MOST_OF_ONE + over


def test_a_film_has_as_many_boxes_as_it_may():
    for over, damaged in ((0, False), (1, True)):
        free = struct.pack(">I4s", 8, b"free") * (boxes._MOST_BOXES + over - 1)
        film = io.BytesIO(struct.pack(">I4s", 8, b"moov") + free)
        size = len(film.getvalue())
        assert refused(EvidenceDamaged, boxes.walk, film, size, "mp4") == damaged


class Chain:
    """Sectors of which each but the last is followed by the next."""

    def __init__(self, *_):
        pass

    def sector(self, _):
        return bytes(512)

    def after(self, number):
        return number + 1 if number + 1 < Chain.number else 0xFFFFFFFE


def test_the_directory_of_an_old_document_has_as_many_sectors_as_it_may(monkeypatch):
    """Planted bug, found here: one more was read."""
    monkeypatch.setattr(cfb, "_Fat", Chain)
    head = bytearray(512)
    head[30:32], head[44:48] = struct.pack("<H", 9), struct.pack("<I", 1)
    for over, damaged in ((0, False), (1, True)):
        Chain.number = cfb._MOST_SECTORS + over
        assert refused(EvidenceDamaged, cfb._names, io.BytesIO(head), 512) == damaged


def png(parts):
    """A picture of so many parts."""
    begins = struct.pack(">I4sIIBBBBBI", 13, b"IHDR", 1, 1, 8, 0, 0, 0, 0, 0)
    rest = struct.pack(">I4sI", 0, b"tEXt", 0) * (parts - 2)
    return b"\x89PNG\r\n\x1a\n" + begins + rest + struct.pack(">I4sI", 0, b"IEND", 0)


def gif(parts):
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + b"!\xfe\x00" * (parts - 1) + b";"


def jpeg(parts):
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff\xfe\x00\x02" * (parts - 2) + b"\xff\xd9"


@pytest.mark.parametrize(("kind", "make"), [("png", png), ("gif", gif), ("jpeg", jpeg)])
def test_a_picture_has_as_many_parts_as_it_may(kind, make):
    for over, damaged in ((0, False), (1, True)):
        data = make(pictures._MOST_PARTS + over)
        held = io.BytesIO(data)
        assert refused(EvidenceDamaged, pictures.walk, held, len(data), kind) == damaged


def test_a_picture_is_as_large_as_it_may_be():
    side, pixels = pictures.LONGEST_SIDE, pictures.MOST_PIXELS
    other = math.isqrt(pixels)
    while pixels % other:
        other -= 1
    for sides in ((side, 1), (1, side), (other, pixels // other)):
        pictures.check_pixels(*sides)
    for sides in ((side + 1, 1), (1, side + 1), (other, pixels // other + 1)):
        assert refused(EvidencePictureTooLarge, pictures.check_pixels, *sides)


def test_a_picture_has_as_many_pages_as_it_may(monkeypatch):
    from PIL import Image

    held = io.BytesIO()
    one = Image.new("1", (1, 1))
    one.save(held, "TIFF", save_all=True, append_images=[one] * cleaning._MOST_PAGES)
    with Image.open(held) as image:
        assert refused(ValueError, list, cleaning._pages(image))
    held = io.BytesIO()
    one.save(held, "TIFF", save_all=True, append_images=[one] * (cleaning._MOST_PAGES - 1))
    with Image.open(held) as image:
        assert len(list(cleaning._pages(image))) == cleaning._MOST_PAGES


def test_an_item_of_an_archive_and_what_is_named_of_it_have_an_end():
    longest = '{"name": "%s"}' % ("a" * (archives._LONGEST_ITEM - len('"name": ""')))
    assert json.loads(longest)
    assert archives._ITEM.match(f"{longest},")
    assert not archives._ITEM.match(f"{longest[:-2]}a{longest[-2:]},")
    for number in (restoring.MOST_NAMED, restoring.MOST_NAMED + 1):
        found = [
            restoring.StandsElsewhere(f"N{n}", "A", None, uuid4(), "M", "B") for n in range(number)
        ]
        said = restoring.awards_stand_elsewhere(found, {})
        assert said.detail_en.count(" in another cycle") == restoring.MOST_NAMED
        assert ("and more" in said.detail_en) == ("等。" in said.detail_zh) == (number > 5)


# --- claims, items, complaints --------------------------------------------------------------------


def test_claims_are_filed_and_highlights_stand_as_many_as_may():
    highlights.check_number("A", highlights.MOST - 1)
    assert refused(highlights.TooManyHighlights, highlights.check_number, "A", highlights.MOST)
    for over in (0, 1):
        one = SimpleNamespace(partners=[None] * (filings.MOST_FILED + over - 1))
        faults = filings.filing_faults({0: one}, None)
        if over:
            assert [each.code for each in faults] == ["too-many-claims"]
        else:
            with pytest.raises(AttributeError):  # it goes on to the claims, of which there is none
                next(faults)


async def test_a_batch_names_as_many_files_as_it_may():
    ids = [UUID(int=n) for n in range(named.MOST_AT_ONCE)]

    class Permit:
        def of(self, _):
            raise LookupError

    with pytest.raises(LookupError):  # it goes on to ask what the caller may read
        await reading_duties(None, Permit(), UUID(int=0), {0: ids[:9], 1: ids[9:]})
    with pytest.raises(named.EvidenceNotNamed, match=str(named.MOST_AT_ONCE)):
        await reading_duties(None, Permit(), UUID(int=0), {0: ids, 1: ids[:1]})


def test_an_item_is_due_within_two_years():
    last = intake.last_day(DAY)
    assert (last - DAY).days == intake.LONGEST
    for due, codes in ((last, []), (last + dt.timedelta(1), ["day-outside"])):
        found = given.term_faults("/x", given.Term(until=due), DAY, last, None, None)
        assert [each.code for each in found] == codes


@pytest.mark.parametrize("over", [-1, 0])
def test_items_and_complaints_are_moved_so_often(over, monkeypatch):
    """Planted bug: one move more than may be. A complaint is closed whenever it is."""
    for module in (item_moving, complaint_moving):
        monkeypatch.setattr(module, "STEPS", {("s", "m"): object()})
        monkeypatch.setattr(module, "who_faults", lambda *_: ["kept out"])
    item = SimpleNamespace(state="s", moves=[None] * (item_moving.MOST_MOVES + over))
    said = SimpleNamespace(move="m")
    found = [*item_moving.move_faults(item, said, None, None, "/x")]
    assert [e.code for e in found[1:]] == ["too-many-moves"] * (over + 1)
    moves = [SimpleNamespace(move="m")] * (complaint_moving.MOST_MOVES + over)
    moves += [SimpleNamespace(move=complaint_moving.RATE)] * 3
    now = SimpleNamespace(state="s", moves=moves)
    found = [*complaint_moving.complaint_faults(now, said, None, None)]
    assert [e.code for e in found[1:]] == ["too-many-moves"] * (over + 1)
    last = SimpleNamespace(move=complaint_moving.CLOSE)
    monkeypatch.setitem(complaint_moving.STEPS, ("s", complaint_moving.CLOSE), object())
    assert len([*complaint_moving.complaint_faults(now, last, None, None)]) == 1


def test_a_list_of_units_is_begun_until_it_is_full():
    """Equals are listed together or not at all, so it may end beyond."""
    each = [[f"A{n}"] for n in range(ratings.MOST_LISTED + 1)]
    assert ratings._first(each) == each[:-1]
    assert ratings._first([["a"] * 4, ["b"] * 9, ["c"]]) == [["a"] * 4, ["b"] * 9]
    assert ratings._first([["a"] * 5, ["b"]]) == [["a"] * 5]


def test_due_days_are_counted_so_far_ahead():
    most, asked = matters.MOST_DAYS_AHEAD, []
    calendar = SimpleNamespace(between=lambda *days: asked.append(days) or 7)
    found = SimpleNamespace(today=DAY, calendar=calendar)
    for days, expected in ((most, 7), (-most, 7), (most + 1, None), (-most - 1, None)):
        assert matters._days(found, DAY + dt.timedelta(days)) == expected
    assert len(asked) == 2


def test_totals_are_told_for_so_many_blocks_at_once(monkeypatch):
    """For each choice of them: of five blocks one, two or three. Planted bug: all of them."""
    told = SimpleNamespace(base_total=Decimal(1), total=Decimal(1))
    monkeypatch.setattr(composing, "compose", lambda *_: told)
    monkeypatch.setattr(composing, "vetoed", lambda blocks, _: blocks)
    for number in (composing.MOST_VETOED, composing.MOST_VETOED + 2):
        found = [*composing.vetoed_totals({}, Decimal(), None, 2, [f"b{n}" for n in range(number)])]
        sizes = range(1, composing.MOST_VETOED + 1)
        assert len(found) == sum(math.comb(number, size) for size in sizes)


# --- entries that are alike -----------------------------------------------------------------------


def draft(**more):
    usual = {"document_no": None, "note": None, "item": None, "kind": "k", "indicator": "I"}
    return SimpleNamespace(**usual | more)


def test_an_entry_is_recognised_by_so_many_numbers_of_such_a_length():
    note = "，".join(f"云政发〔2025〕{n}号" for n in range(1, likeness.MOST_NUMBERS + 2))
    found = likeness.documents_of(draft(note=note), any_item=False)
    assert len(found) == likeness.MOST_NUMBERS
    assert len(likeness.documents_of(draft(note=note.rpartition("，")[0]), any_item=False)) == 5
    longest = "A1" + "b" * (likeness._LONGEST - 2)
    for each in (longest, longest + "b"):
        [found] = likeness.documents_of(draft(document_no=each), any_item=False)
        assert len(found) == likeness._LONGEST
    ordinal = "1" * likeness._LONGEST_ORDINAL
    assert likeness.documents_of(draft(item=ordinal), any_item=True) == ()
    assert likeness.documents_of(draft(item=ordinal + "1"), any_item=True) == (ordinal + "1",)


def test_a_row_is_held_against_so_many_before_it_and_told_of_so_many(monkeypatch):
    """Those of the superior's list name one document by several indicators and are not alike, so
    the one that is shows how far back is looked."""
    monkeypatch.setattr(likeness, "subjects_of", lambda _: ())
    mark = likeness.Mark(document="d", subject=None, unit="A")
    for between, found in ((likeness._MOST_BEFORE - 1, [0]), (likeness._MOST_BEFORE, [])):
        kept = {0: draft()}
        kept |= {n + 1: draft(kind=likeness.SUPERIOR_RANK, indicator="B") for n in range(between)}
        last = len(kept)
        kept[last] = draft(kind=likeness.SUPERIOR_RANK)
        alike = likeness.alike({n: [mark] for n in kept}, kept, {}, {})
        assert [each.row for each in alike.rows.get(last, ())] == found
    rows = [likeness.Likeness("same_document", "d", row=n) for n in range(likeness.MOST_TOLD + 1)]
    for number in (likeness.MOST_TOLD, likeness.MOST_TOLD + 1):
        told = likeness.Alike(rows={9: rows[:number]}).told(9, lambda _: True)
        assert told == rows[: likeness.MOST_TOLD]


# --- what is told of many -------------------------------------------------------------------------


def task(n, kind="k", day=1):
    return kinds.DISPATCH_ITEMS.task({"cycle_id": str(n)}, count=1).model_copy(
        update={"kind": kind, "deadline": dt.date(2025, 1, day)}
    )


def test_so_many_tasks_are_told_one_by_one_and_the_others_counted():
    """Planted bug: of a kind none of which is told, those left out are lost."""
    all_of_them = [task(n) for n in range(item_tasks.MOST)]
    assert item_tasks.bounded(all_of_them) == all_of_them
    found = item_tasks.bounded([*all_of_them, task(1, day=2), task(2, "other", 3)])
    assert [each.kind for each in found] == ["k"] * item_tasks.MOST + ["other"]
    assert sum(each.count or 1 for each in found) == item_tasks.MOST + 2


def test_blocks_that_last_years_vetoes_may_take_out_are_few():
    for over, every in ((0, True), (1, False)):
        codes = [f"b{n}" for n in range(document.MOST_VETOABLE + over)]
        category = SimpleNamespace(blocks=[SimpleNamespace(code=each) for each in codes])
        vetoes = SimpleNamespace(items=[SimpleNamespace(block="b1")], previous_cycle="c")
        of = SimpleNamespace(
            vetoes=vetoes, composition_of=lambda _, parts=codes: SimpleNamespace(parts=parts)
        )
        assert document.Scheme.vetoable(of, category) == (tuple(codes) if every else ("b1",))


def test_a_seed_is_of_a_day_within_a_year():
    latest = DAY + draws.LONGEST
    check_seed_day(latest, DAY, latest)
    check_seed_day(DAY + dt.timedelta(1), DAY, latest)
    for day in (DAY, latest + dt.timedelta(1)):
        assert refused(SeedDayRefused, check_seed_day, day, DAY, latest)


def test_lateness_is_known_for_so_many_years_after_the_assessed_one(monkeypatch):
    asked = []
    monkeypatch.setattr(clocks, "due_again", lambda *told: asked.append(told))
    monkeypatch.setattr(clocks, "due_days", lambda *_: None)
    policy = SimpleNamespace(exempt=())
    clocks.Clock(2025, "Asia/Shanghai", None, policy, ()).late(True)
    assert asked[0][:2] == (dt.date(2025, 1, 1), dt.date(2025 + clocks.MOST_YEARS, 12, 31))


@pytest.mark.parametrize("over", [-1, 0])
def test_a_step_of_an_item_is_a_number_that_is_stored(over):
    step, item_id = item_events._MOST_STEPS + over, UUID(int=7)
    key = item_events.key_of("A", item_id, step, "w")
    page = PageRequest(10, key)
    if over:
        assert place_of(page) == ("A", item_id, step, "w")
    else:
        assert refused(NoSuchPlace, place_of, page)


def place_of(page):
    """Read a place as the list of events does."""
    return next(
        each
        for name, each in vars(item_events).items()
        if getattr(each, "__code__", None) and "_MOST_STEPS" in each.__code__.co_names
    )(page)
