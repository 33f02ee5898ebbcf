"""Small files of every kind, made here: right ones, and hostile ones each for its own reason."""

import base64
import io
import struct
import zipfile
import zlib

from PIL import Image

TYPES = "[Content_Types].xml"
NONE = b"<?xml version='1.0'?><Types/>"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def picture(kind: str = "JPEG", size=(48, 32), mode: str = "RGB", **more) -> bytes:
    made = io.BytesIO()
    image = Image.new(mode, size)
    if mode == "RGB":
        image.putdata(
            [(x * 5 % 256, y * 7 % 256, 80) for y in range(size[1]) for x in range(size[0])]
        )
    image.save(made, kind, **more)
    return made.getvalue()


def with_place() -> bytes:
    """A photo that says where, when and with which device it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Secret-Maker", "Secret-Model"
    exif.get_ifd(0x8769)[36867] = "2025:03:04 10:11:12"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (25.0, 46.0, 12.0), "E", (113.0, 2.0, 1.0)
    return picture(exif=exif.tobytes(), comment=b"Secret-Comment")


def package(kind: str = "docx", parts: dict[str, bytes] | None = None, **more) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        if kind == "ofd":
            opened.writestr("OFD.xml", b"<ofd:OFD xmlns:ofd='x'/>")
        elif kind in MAIN:
            opened.writestr(TYPES, more.get("types", NONE))
            opened.writestr(MAIN[kind], b"<w:document xmlns:w='x'/>")
        for name, content in (parts or {}).items():
            opened.writestr(name, content)
    return made.getvalue()


def pdf(body: bytes = b"", tail: bytes = b"%%EOF\n") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<</Type /Catalog " + body + b">>\nendobj\ntrailer <<>>\n" + tail


def pdf_with_objects(inner: bytes, *, filters: bytes = b"/FlateDecode") -> bytes:
    packed = zlib.compress(inner)
    head = b"<</Type /ObjStm /N 1 /First 4 /Filter %s /Length %d>>" % (filters, len(packed))
    stream = b"2 0 obj\n" + head + b"stream\n" + packed + b"\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + stream + b"%%EOF\n"


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def video(brand: bytes = b"isom") -> bytes:
    return box(b"ftyp", brand + b"\0\0\0\0") + box(b"moov", b"\0" * 16) + box(b"mdat", b"\0" * 64)


def compound(*names: str) -> bytes:
    """A compound file with a directory of these streams, four in a sector."""
    sectors = -(-(len(names) + 1) // 4)
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[24:34] = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head[44:52] = struct.pack("<II", 1, 1)  # one sector of FAT; the directory begins at 1
    head[68:76] = struct.pack("<II", 0xFFFFFFFE, 0)
    head[76:512] = struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    fat = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    entries = b""
    for number, name in enumerate(("Root Entry", *names)):
        text = name.encode("utf-16-le") + b"\0\0"
        kind = 5 if number == 0 else 2
        entries += text.ljust(64, b"\0") + struct.pack("<HB", len(text), kind) + b"\0" * 61
    return bytes(head) + fat + entries.ljust(sectors * 512, b"\0")


def bomb() -> bytes:
    return package(parts={"word/media/a.xml": b"<a>" + b"\0" * 60_000_000})


def overlapping() -> bytes:
    """Two parts that are the same bytes, as in a bomb of parts over one another."""
    one = bytearray(package(parts={"word/a.bin": b"x" * 50, "word/b.bin": b"x" * 50}))
    entry = one.rindex(b"PK\x01\x02")
    before = one.rindex(b"PK\x01\x02", 0, entry)
    one[entry + 42 : entry + 46] = one[before + 42 : before + 46]
    return bytes(one)


HEIC = zlib.decompress(
    base64.b85decode(
        b"c-"
        b"mc2ziSjh6n?Y2i7Q+#5hH4l7y}7L$#Hu|kt<}0Ng;Sz*xBf2ZkBtvdpB+tIlIJ01<_#PkIur{SVb_ERyJA+0snwt"
        b"l}b`X<9oA{Q}Woi-"
        b"+SMD^LFPO05}on_jOC51d0^nfa?^a7(l#CRUSbRr&`S<vo&axIqZuWOgd)BTnG*buEctQ6w|~pv)N;|C@&(mW7F~"
        b"K5o%N+18Cio0sKb_mdtn2$jch@6s!`yqs}zp2h_4d*rmOfh0D~65shxa&hPDQfI;^*?Kl>SlGxp4fy)Y)pV5y_7}"
        b"4U{St0hVyct{Wd-"
        b"3zi)VsDbQu3Ml!Y@BuApL<k@hN*h9@1wH%TAKDWzr>j0Q#4R8pcJf?14j@LmIotgzNh>4UVEt_goeryk*Drs2sse"
        b"#g;D1=AtyN(s{*1+Kkx#sncTBd$sfR*4o<#>r2ln8><`T*Rv-dU%3AC(BydK&*s5jlh4ZwpP&37aev`mqXB2A^T8"
        b"8?#`FQoOJb;3Uww$+Sz~WLn&{Ph8n~fkrt;}VbVp_Xx=vFitXgr+lwnHlp;oP(uUF62t21LkwH^fZpawM0+$1>Hi"
        b"fiu!V>7HlvD=wv-s|z-tOdvIe^e}%EZ()~STy+;Q-pIj"
    )
)
"""A photo as phones make them, 64 × 64: nothing in the tests encodes HEVC. It says the same of its
place, moment and device as `with_place`."""

RIGHT = {
    "jpeg": picture(),
    "png": picture("PNG"),
    "gif": picture("GIF", mode="P"),
    "webp": picture("WEBP"),
    "tiff": picture("TIFF"),
    "heic": HEIC,
    "pdf": pdf(b"/OpenAction [3 0 R /Fit]"),
    "ofd": package("ofd"),
    "docx": package("docx"),
    "xlsx": package("xlsx"),
    "pptx": package("pptx", {"ppt/embeddings/Book1.xlsx": package("xlsx")}),
    "doc": compound("WordDocument", "1Table"),
    "xls": compound("Workbook"),
    "ppt": compound("PowerPoint Document", "Current User"),
    "wps": compound("WordDocument"),
    "et": compound("Workbook"),
    "dps": compound("PowerPoint Document"),
    "mp4": video(),
    "mov": video(b"qt  "),
    "txt": "佐证说明 Explanation\n".encode("gb18030"),
    "csv": "单位,数值\nXQ01,1\n".encode(),
}

_RELS = "word/_rels/document.xml.rels"
_OUT = (
    b"<Relationships><Relationship Type='http://x/attachedTemplate'"
    b" Target='http://x/t.dotm' TargetMode='External'/></Relationships>"
)
_ENTITY = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"
_UTF_16 = "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a><a/>".encode("utf-16")
_ENABLED = b"<Types ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>"
_INNER = package("xlsx", {"xl/vbaProject.bin": b"x"})
_TWICE = package(parts={"word/embeddings/b.docx": package()})
_WIDE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 60_000, 60_000)
_ZIPPED = package("none", {"a.txt": b"x"})

HOSTILE: list[tuple[str, str, bytes]] = [
    ("evidence-empty", "a.txt", b""),
    ("evidence-kind-not-taken", "a.bin", b"\x01\x02\x03\x04" * 8),
    ("evidence-kind-not-taken", "a.txt", b"abc\x00def"),
    ("evidence-kind-not-taken", "a.txt", b"\xff\xff\xff plain"),
    ("evidence-kind-not-taken", "a.md", b"plain words"),
    ("evidence-kind-not-taken", "a.doc", compound("Contents")),
    ("evidence-kind-not-taken", "a.rtf", b"{\\rtf1\\ansi}"),
    ("evidence-is-archive", "a.zip", _ZIPPED),
    ("evidence-is-archive", "a.docx", package("none", {"word/document.xml": b"<a/>"})),
    ("evidence-is-archive", "a.rar", b"Rar!\x1a\x07\x01\x00" + b"x" * 40),
    ("evidence-is-archive", "a.7z", b"7z\xbc\xaf\x27\x1c" + b"x" * 40),
    ("evidence-is-archive", "a.gz", b"\x1f\x8b\x08" + b"x" * 40),
    ("evidence-is-archive", "a.tar", b"a.txt".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 300),
    ("evidence-is-program", "a.jpg", b"MZ" + b"\0" * 100),
    ("evidence-is-program", "a.pdf", b"\x7fELF" + b"\0" * 100),
    ("evidence-is-program", "a.txt", b"#!/bin/sh\nrm -rf /\n"),
    ("evidence-is-program", "a.txt", b"\xca\xfe\xba\xbe" + b"\0" * 40),
    ("evidence-is-program", "a.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + b"\0" * 40),
    ("evidence-is-markup", "a.jpg", b"<svg xmlns='x' onload='alert(1)'/>"),
    ("evidence-is-markup", "a.txt", b"\xef\xbb\xbf<!DOCTYPE html><html></html>"),
    ("evidence-is-markup", "a.txt", "<html></html>".encode("utf-16")),
    ("evidence-is-markup", "a.txt", b"words words\n<script>alert(1)</script>"),
    ("evidence-is-markup", "a.csv", b"a,b\n<?php echo 1;?>,2\n"),
    ("evidence-is-markup", "a.mht", b"MIME-Version: 1.0\n\n"),
    ("evidence-is-markup", "a.xml", _ENTITY),
    ("evidence-has-macros", "a.docx", package(parts={"word/vbaProject.bin": b"x"})),
    ("evidence-has-macros", "a.docx", package(parts={"word/VBAPROJECT.BIN": b"x"})),
    ("evidence-has-macros", "a.xlsx", package("xlsx", {"xl/macrosheets/sheet1.xml": b"<a/>"})),
    ("evidence-has-macros", "a.docx", package(types=_ENABLED)),
    ("evidence-has-macros", "a.doc", compound("WordDocument", "Macros", "VBA")),
    ("evidence-has-macros", "a.xls", compound("Workbook", "_VBA_PROJECT_CUR")),
    ("evidence-has-macros", "a.pptx", package("pptx", {"ppt/embeddings/a.xlsx": _INNER})),
    ("evidence-has-embedded", "a.docx", package(parts={"word/activeX/activeX1.xml": b"<a/>"})),
    ("evidence-has-embedded", "a.docx", package(parts={"word/embeddings/oleObject1.bin": b"x"})),
    ("evidence-has-embedded", "a.docx", package(parts={"word/media/inner.zip": _ZIPPED})),
    ("evidence-has-embedded", "a.docx", package(parts={"word/media/run.EXE": b"x"})),
    ("evidence-has-embedded", "a.docx", package(parts={"word/embeddings/a.docx": _TWICE})),
    ("evidence-has-embedded", "a.doc", compound("WordDocument", "ObjectPool")),
    ("evidence-has-embedded", "a.doc", compound("WordDocument", "\x01Ole10Native")),
    ("evidence-reaches-out", "a.docx", package(parts={_RELS: _OUT})),
    ("evidence-reaches-out", "a.docx", package(parts={_RELS: _OUT.decode().encode("utf-16")})),
    ("evidence-reaches-out", "a.csv", b"a,b\n=cmd|'/c calc'!A0,1\n"),
    ("evidence-pdf-acts", "a.pdf", pdf(b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>")),
    ("evidence-pdf-acts", "a.pdf", pdf(b"/OpenAction <</S /J#61vaScript /JS (x)>>")),
    ("evidence-pdf-acts", "a.pdf", pdf(b"/AA <</O <</S /Launch /F (cmd.exe)>>>>")),
    ("evidence-pdf-acts", "a.pdf", pdf(b"/Names <</EmbeddedFiles 4 0 R>>")),
    ("evidence-pdf-acts", "a.pdf", pdf(b"/AcroForm <</XFA [1 0 R]>>")),
    ("evidence-pdf-acts", "a.pdf", pdf_with_objects(b"2 0 <</S /JavaScript /JS (x)>>")),
    ("evidence-pdf-acts", "a.pdf", pdf_with_objects(b"2 0 <</S /#4aavaScript /JS (x)>>")),
    ("evidence-locked", "a.pdf", pdf(b"/Encrypt 5 0 R")),
    (
        "evidence-locked",
        "a.pdf",
        pdf_with_objects(b"2 0 <<>>", filters=b"[/ASCII85Decode /FlateDecode]"),
    ),
    ("evidence-locked", "a.docx", compound("EncryptedPackage", "EncryptionInfo")),
    ("evidence-expands", "a.pdf", pdf_with_objects(b"\0" * 20_000_000)),
    ("evidence-expands", "a.docx", bomb()),
    ("evidence-expands", "a.docx", overlapping()),
    ("evidence-picture-too-large", "a.png", _WIDE + b"\x08\x02\0\0\0" + b"\0" * 4),
    (
        "evidence-picture-too-large",
        "a.gif",
        b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b";",
    ),
    ("evidence-is-two-things", "a.jpg", picture() + _ZIPPED),
    ("evidence-is-two-things", "a.png", picture("PNG") + b"<script>alert(1)</script>"),
    ("evidence-is-two-things", "a.gif", picture("GIF", mode="P") + _ZIPPED),
    ("evidence-is-two-things", "a.webp", picture("WEBP") + b"<html>"),
    ("evidence-is-two-things", "a.pdf", pdf() + _ZIPPED),
    ("evidence-is-two-things", "a.pdf", pdf() + b"<script>alert(1)</script>" * 200),
    ("evidence-is-two-things", "a.docx", package() + b"MZ" + b"\0" * 40),
    ("evidence-is-two-things", "a.docx", package(parts={"../../etc/cron.d/x": b"x"})),
    ("evidence-is-two-things", "a.docx", package(parts={"OFD.xml": b"<a/>"})),
    ("evidence-is-two-things", "a.mp4", video() + b"PK\x03\x04 <html>"),
    ("evidence-is-two-things", "a.doc", compound("WordDocument") + b"x" * 4_000_000),
    ("evidence-declares-entities", "a.docx", package(parts={"word/x.xml": _ENTITY})),
    (
        "evidence-declares-entities",
        "a.ofd",
        package("ofd", {"Doc_0/Document.xml": b"<!DOCTYPE a><a/>"}),
    ),
    ("evidence-declares-entities", "a.docx", package(parts={"word/x.xml": _UTF_16})),
    ("evidence-damaged", "a.jpg", picture()[:200]),
    ("evidence-damaged", "a.png", picture("PNG")[:60]),
    ("evidence-damaged", "a.pdf", b"%PDF-1.7\nnothing"),
    ("evidence-damaged", "a.docx", package()[:80]),
    ("evidence-damaged", "a.mp4", video()[:-10]),
    ("evidence-damaged", "a.doc", compound("WordDocument")[:600]),
]
