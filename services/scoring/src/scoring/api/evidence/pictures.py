"""Pictures: what their camera says of the moment, how they look, and a copy without the rest.

A picture takes memory for all its pixels: whoever calls decodes one at a time.
"""

import datetime as dt
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO

import pi_heif  # type: ignore[import-untyped]
from PIL import Image, ImageOps, ImageSequence

from scoring.rules.evidence.pictures import MOST_PIXELS, check_pixels
from scoring.rules.evidence.refusals import EvidenceDamaged

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
pi_heif.register_heif_opener(thumbnails=False)

_FORMATS = {
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "heic": "HEIF",
    "tiff": "TIFF",
}
_EXIF, _TAKEN = 0x8769, 36867
_MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture shows, and of which kind its copy is."""

    width: int
    height: int
    taken_at: str | None
    picture_hash: str
    copy_kind: str


def look_at(file: IO[bytes], kind: str, copy: IO[bytes]) -> Seen:
    """Return what a picture of a kind shows, and write a copy that says no place and no device."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=[_FORMATS[kind]]) as image:
                check_pixels(*image.size)
                taken = _taken_at(image)
                first = _plain(image)
                seen = Seen(*first.size, taken, difference_hash(first), _copy_kind(image, kind))
                pages = _pages(image) if seen.copy_kind == "tiff" else iter([first])
                _save(pages, seen.copy_kind, copy)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise EvidenceDamaged("It cannot be decoded.", "图片无法解码。") from error
    return seen


def difference_hash(image: Image.Image) -> str:
    """Return 64 bits in hexadecimal: whether each of 8 × 8 places is brighter than its neighbour.

    A picture that is made smaller or saved anew keeps nearly all of them.
    """
    small = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = [small[9 * row + at] > small[9 * row + at + 1] for row in range(8) for at in range(8)]
    return f"{sum(bit << at for at, bit in enumerate(bits)):016x}"


def _copy_kind(image: Image.Image, kind: str) -> str:
    if kind == "tiff" and getattr(image, "n_frames", 1) > 1:
        return "tiff"
    return "png" if kind in ("png", "gif") else "jpeg"


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture upright, as nothing but its pixels."""
    mode = image.mode if image.mode in ("1", "L", "RGB") else "RGB"
    if image.mode in ("RGBA", "LA", "PA", "P") and image.format in ("PNG", "GIF", "WEBP"):
        mode = "RGBA"
    plain = ImageOps.exif_transpose(image).convert(mode)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _pages(image: Image.Image) -> Iterator[Image.Image]:
    for number, page in enumerate(ImageSequence.Iterator(image)):
        if number >= _MOST_PAGES:
            raise ValueError("too many pages")
        check_pixels(*page.size)
        yield _plain(page)


def _save(pages: Iterator[Image.Image], kind: str, copy: IO[bytes]) -> None:
    first = next(pages)
    if kind == "tiff":
        written = io.BufferedRandom(copy) if isinstance(copy, io.RawIOBase) else copy
        first.save(
            written, "TIFF", save_all=True, append_images=chain(pages), compression="tiff_lzw"
        )
    elif kind == "png":
        first.save(copy, "PNG")
    else:
        shown = first if first.mode in ("L", "RGB") else first.convert("RGB")
        shown.save(copy, "JPEG", quality=90)


def _taken_at(image: Image.Image) -> str | None:
    """Return the moment that the camera's clock showed, without a zone."""
    told = image.getexif().get_ifd(_EXIF).get(_TAKEN)
    try:
        return dt.datetime.strptime(str(told).strip("\0 "), "%Y:%m:%d %H:%M:%S").isoformat()  # noqa: DTZ007 - cameras tell no zone
    except ValueError:
        return None
