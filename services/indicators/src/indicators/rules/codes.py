"""The national codes: the unified social credit code of a unit, the division code of a place."""

import re

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}")

# The 34 provinces, autonomous regions, municipalities and special regions of GB/T 2260.
_DIVISION = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])([0-9]{2})([0-9]{2})"
)


def is_uscc(code: str) -> bool:
    """Say whether `code` is a unified social credit code (GB 32100-2015) with its check digit.

    31 characters are used (no I, O, S, V, Z). The weights are the powers of 3 modulo 31, and the
    weighted sum with the check digit is a multiple of 31. Only the division code in places 3 to
    8 must be digits: the first two places, department and kind of body, may be letters.
    """
    if not _USCC.fullmatch(code):
        return False
    values = [_ALPHABET.index(character) for character in code]
    weighted = sum(value * pow(3, place, 31) for place, value in enumerate(values[:17]))
    return (weighted + values[17]) % 31 == 0


def is_jurisdiction(code: str) -> bool:
    """Say whether `code` has the shape of a division of GB/T 2260, in a province that exists.

    Two digits each for province, city and county; below an empty level (00) all are empty.
    Which cities and counties exist changes every year and is not asked here.
    """
    parts = _DIVISION.fullmatch(code)
    return parts is not None and (parts[1] != "00" or parts[2] == "00")
