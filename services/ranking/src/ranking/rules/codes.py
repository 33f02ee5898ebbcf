"""Other systems' codes (代码体系): which there are."""

from chassis.refusals import Invalid

OWN_CODES = "code"
"""The id scheme that is meant where none is named: our own codes."""


class IdSchemeUnknown(Invalid):
    """There is no such id scheme."""

    zh = "没有这个代码体系。"
    remedy = (
        "Look the code up in the list of id schemes, or leave `id_scheme` out to send our own "
        "codes.",
        "请在代码体系清单中查对，或不带 `id_scheme` 而使用本系统代码。",
    )
