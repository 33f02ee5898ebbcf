"""How far units go with what they remark on and object to, and who decides what, step by step: so
many days after the step before, who, and what (意见、异议的办理经过)."""

WHOLE = (
    "0 file; 2 colleague uphold; 2 reviewer uphold; 0 office carry_out; 1 office propose;"
    " 1 committee approve; 0 office carry_out"
)
IN_PART = (
    "1 file; 2 appeal; 3 reviewer uphold_part; 1 office propose; 1 committee refuse;"
    " 1 office propose; 2 committee approve; 0 office carry_out; 12 appeal"
)
BY_COMMITTEE = (
    "1 file; 3 reviewer reject; 5 appeal; 3 committee uphold; 1 office propose; 0 office propose;"
    " 1 committee approve; 0 office carry_out; 1 office propose"
)

UPHELD: tuple[tuple[str, str], ...] = (
    ("P01", WHOLE),
    ("C01", WHOLE),
    ("I10", f"4{IN_PART[1:]}"),
    ("C16", BY_COMMITTEE),
    ("I09", f"4{WHOLE[1:]}"),
    ("D12", WHOLE),
    ("V06", IN_PART),
)
"""What is upheld: the indicator of which a mark was wrong, and what is done, each step so many days
after the one before. Those of the published category come after its publication."""

OTHERS: tuple[tuple[str, str], ...] = (
    ("value", "1 file; 0 file; 6 reviewer reject; 1 office propose"),
    (
        "claim",
        "2 file; 2 reviewer reject; 2 appeal; 1 reviewer reject; 4 committee reject; 3 appeal;"
        " 5 standing reject; 1 appeal",
    ),
    ("wave", "3 file; 2 withdraw; 1 reviewer uphold"),
    ("grade_map", "0 file; 18 appeal"),
    ("deduct_events", "4 file"),
)
"""What is not: of what kind, and what is done; the last two are left undecided."""

TOO_LATE = "deduct_events", "9 file"

REMARKS: tuple[tuple[str, str], ...] = (
    (
        "tiers",
        "0 file; 1 reviewer reject; 0 source reject; 2 appeal; 0 second appeal; 2 colleague reject;"
        " 1 reviewer reject; 2 second appeal; 0 third appeal; 3 committee uphold;"
        " 1 office carry_out",
    ),
    ("grade_map", "0 file; 1 file; 2 source uphold_part; 12 second appeal"),
    ("deduct_events", "1 file; 3 second appeal; 9 second appeal; 2 reviewer reject"),
    ("wave", "1 file; 2 colleague uphold; 1 office carry_out"),
    ("deduct_events", "2 file; 1 withdraw"),
    ("grade_map", "3 file"),
)
REMARKED_BEFORE = {"P01": "0 file; 2 source reject"}
"""What is remarked while the record is open; and of what is objected to and upheld later on."""
