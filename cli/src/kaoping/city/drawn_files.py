"""Small files of evidence, drawn from numbers: pictures, documents and tables (佐证材料)."""

import io
import zipfile
from random import Random
from typing import TYPE_CHECKING

from kaoping.plan import EvidenceFile

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_PLACES = (9, 8)
_SIZES = ((288, 256), (216, 192), (144, 128))
"""The size of a picture as it was first saved, and of the same one saved anew, once and again."""

_EXIF, _GPS, _TAKEN = 0x8769, 0x8825, 36867


def content_of(file: EvidenceFile) -> bytes:
    """Return the bytes of a file: the same for the same kind, number and saving."""
    if file.kind == "pdf":
        return _pdf(file.drawn)
    if file.kind == "xlsx":
        return _workbook(file.drawn)
    made, picture = io.BytesIO(), _picture(file.drawn)
    if file.kind == "png":
        picture.save(made, "PNG")
    elif file.saving:
        size = _SIZES[file.saving]
        picture.resize(size).save(made, "JPEG", quality=70 - 10 * file.saving)
    elif has_place(file):
        picture.save(made, "JPEG", quality=88, exif=_exif(file.drawn))
    else:
        picture.save(made, "JPEG", quality=88)
    return made.getvalue()


def has_place(file: EvidenceFile) -> bool:
    """Say whether a picture tells where it was taken, when, and by which device."""
    return file.kind == "jpg" and not file.saving and file.drawn % 3 == 0


def _picture(drawn: int) -> "Image":
    """Return a picture of lights and shadows, as different from any other as two photos are."""
    from PIL import Image  # here: what only asks a system needs no picture

    random = Random(f"picture {drawn}")  # noqa: S311 - nothing here is a secret
    small = Image.new("RGB", _PLACES)
    small.putdata([_shade(random) for _ in range(_PLACES[0] * _PLACES[1])])
    return small.resize(_SIZES[0], Image.Resampling.BICUBIC)


def _shade(random: Random) -> tuple[int, int, int]:
    bright = random.randint(20, 200)
    return bright, bright + random.randint(0, 40), bright + random.randint(0, 40)


def _exif(drawn: int) -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Fictional", f"Phone {drawn}"
    day = 1 + drawn % 28
    exif.get_ifd(_EXIF)[_TAKEN] = f"2025:{1 + drawn % 12:02}:{day:02} 10:11:12"
    place = exif.get_ifd(_GPS)
    place[1], place[2], place[3], place[4] = "N", (25.0, 46.0, 12.0), "E", (113.0, 2.0, 1.0)
    return exif.tobytes()


def _pdf(drawn: int) -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n"
    page = b"2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\nendobj\n"
    text = f"BT /F1 12 Tf 72 720 Td (No. {drawn}) Tj ET".encode()
    shown = (
        b"3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R>>\nendobj\n"
    )
    body = b"4 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n" % (len(text), text)
    return head + page + shown + body + b"trailer <</Root 1 0 R>>\n%%EOF\n"


_TYPES = (
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
    "<Default Extension='rels' "
    "ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
    "<Override PartName='/xl/workbook.xml' ContentType="
    "'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/>"
    "<Override PartName='/xl/worksheets/sheet1.xml' ContentType="
    "'application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml'/></Types>"
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PARTS = {
    "[Content_Types].xml": _TYPES,
    "_rels/.rels": f"<Relationships xmlns='{_LINKS}'><Relationship Id='r1' "
    f"Type='{_OF}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
    "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{_LINKS}'><Relationship Id='r1' "
    f"Type='{_OF}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
    "xl/workbook.xml": f"<workbook xmlns='{_MAIN}' xmlns:r='{_OF}'><sheets>"
    "<sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>",
}


def _workbook(drawn: int) -> bytes:
    cells = "".join(f"<c><v>{(drawn * n) % 997}</v></c>" for n in range(1, 13))
    sheet = f"<worksheet xmlns='{_MAIN}'><sheetData><row>{cells}</row></sheetData></worksheet>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in {
            **_PARTS,
            "xl/worksheets/sheet1.xml": f"{sheet}<!-- {drawn} -->",
        }.items():
            packed.writestr(zipfile.ZipInfo(name), text)
    return made.getvalue()
