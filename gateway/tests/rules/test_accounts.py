"""What an account must be like."""

import pytest

from gateway.rules.accounts import AccountsRejected, RequestedAccount, check, taken

KNOWN = {role: {"zh": f"〔{role}〕"} for role in ("system_administrator", "auditor", "organiser")}
EXCLUSIVE = [frozenset({"system_administrator", "auditor"})]
GOOD = "correct-horse"


def faults(*wishes):
    try:
        check(wishes, KNOWN, EXCLUSIVE)
    except AccountsRejected as refusal:
        return [(fault.pointer, fault.code) for fault in refusal.faults]
    return []


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (RequestedAccount("li", "person", ["organiser"], GOOD), []),
        (RequestedAccount("li", "person", ["organiser"], None), []),
        (
            RequestedAccount("li", "person", ["king"], None),
            [("/accounts/0/roles/0", "unknown-role")],
        ),
        (
            RequestedAccount("li", "person", ["auditor", "system_administrator"], None),
            [("/accounts/0/roles", "roles-exclude-each-other")],
        ),
        (RequestedAccount("li", "person", ["auditor", "auditor"], None), []),
        (RequestedAccount("li", "person", ["auditor", "organiser"], None), []),
        (
            RequestedAccount("li", "person", ["auditor"], "short"),
            [("/accounts/0/secret", "weak-secret")],
        ),
        (
            RequestedAccount("li", "person", ["auditor"], "a" * 40),
            [("/accounts/0/secret", "weak-secret")],
        ),
        (
            RequestedAccount("wang", "person", ["auditor"], "my-WANG-secret"),
            [("/accounts/0/secret", "weak-secret")],
        ),
        (RequestedAccount("pc", "client", ["organiser"], "abcdefghijk~._-9"), []),
        (
            RequestedAccount("pc", "client", ["organiser"], "abcdefghijk+%20"),
            [("/accounts/0/secret", "secret-not-portable")],
        ),
        (RequestedAccount("li", "person", ["organiser"], "这是一个足够长的登录口令吧"), []),
    ],
)
def test_an_account_is_sound_or_its_faults_are_named(wish, expected):
    assert faults(wish) == expected


def test_all_faults_of_all_accounts_are_named_at_once():
    wishes = [
        RequestedAccount("li", "person", ["king"], GOOD),
        RequestedAccount("li", "person", ["organiser", "queen"], "short"),
    ]
    assert faults(*wishes) == [
        ("/accounts/1/subject", "subject-repeated"),
        ("/accounts/0/roles/0", "unknown-role"),
        ("/accounts/1/roles/1", "unknown-role"),
        ("/accounts/1/secret", "weak-secret"),
    ]


def test_a_subject_that_exists_is_pointed_at():
    wishes = [
        RequestedAccount("li", "person", [], None),
        RequestedAccount("wu", "person", [], None),
    ]
    assert [fault.pointer for fault in taken(wishes, {"wu"})] == ["/accounts/1/subject"]
