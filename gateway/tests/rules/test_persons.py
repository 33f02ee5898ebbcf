"""What one person may hold, through however many accounts."""

import pytest

from chassis.refusals import Refusal
from gateway.rules.accounts import RequestedAccount
from gateway.rules.persons import (
    AlreadyInEffect,
    ConfirmedByAnother,
    HeldRoles,
    confirm,
    faults,
    grant,
)

ROLES = {
    "performance_office": {"zh": "绩效办"},
    "committee": {"zh": "委员会"},
    "assessed_unit": {"zh": "被评估单位"},
    "organiser": {"zh": "组织单位"},
}
EXCLUSIVE = [{"performance_office", "committee"}]


def wish(subject, *roles, person=None, unit=None):
    return RequestedAccount(subject, "person", roles, None, person, unit)


def held(subject, person, *roles, unit=None, is_disabled=False):
    return HeldRoles(subject, person, unit, roles, is_disabled)


OFFICE = held("li", "E1", "performance_office")


@pytest.mark.parametrize(
    ("wishes", "existing", "expected"),
    [
        pytest.param([wish("li2", "committee", person="E2")], [OFFICE], [], id="two people"),
        pytest.param(
            [wish("li2", "committee", person="E1")],
            [OFFICE],
            [("/accounts/0/roles", "person-roles-exclude-each-other")],
            id="one person in two accounts",
        ),
        pytest.param(
            [wish("a", "committee", person="E7"), wish("b", "performance_office", person="E7")],
            [],
            [("/accounts/1/roles", "person-roles-exclude-each-other")],
            id="one person twice in one request",
        ),
        pytest.param(
            [wish("E1", "committee")],
            [OFFICE],
            [("/accounts/0/roles", "person-roles-exclude-each-other")],
            id="a subject without a person is the person of that name",
        ),
        pytest.param(
            [wish("li2", "organiser", person="E1")], [OFFICE], [], id="roles that go together"
        ),
        pytest.param(
            [wish("li2", "committee", person="E1")],
            [held("li", "E1", "performance_office", is_disabled=True)],
            [],
            id="the other account is disabled",
        ),
        pytest.param(
            [wish("li2", "organiser", person="E1", unit="CT01")],
            [OFFICE],
            [("/accounts/0/unit", "person-in-two-units")],
            id="a unit in one account and none in the other",
        ),
        pytest.param(
            [wish("a", "assessed_unit", unit="CT01"), wish("b", "organiser", person="a")],
            [],
            [("/accounts/1/unit", "person-in-two-units")],
            id="a unit left out",
        ),
        pytest.param(
            [wish("a", "organiser", unit="CT01"), wish("b", "organiser", person="a", unit="CT01")],
            [],
            [],
            id="one unit in both",
        ),
        pytest.param(
            [wish("li2", "committee", person="e1")],
            [OFFICE],
            [("/accounts/0/person", "person-unclear")],
            id="the same name in other letters",
        ),
        pytest.param(
            [wish("li2", "committee", person="li")],
            [OFFICE],
            [("/accounts/0/person", "person-unclear")],
            id="the name of an account in place of the person",
        ),
        pytest.param(
            [wish("e1", "committee", person="E9")],
            [OFFICE],
            [("/accounts/0/person", "person-unclear")],
            id="an account named like another person",
        ),
    ],
)  # fmt: skip
def test_accounts_of_one_person_are_judged_together(wishes, existing, expected):
    """Planted bug: look at each account alone."""
    found = list(faults(wishes, existing, ROLES, EXCLUSIVE))
    assert [(fault.pointer, fault.code) for fault in found] == expected


def test_the_chinese_sentence_names_the_roles_in_chinese():
    [fault] = faults([wish("x", "committee", person="E1")], [OFFICE], ROLES, EXCLUSIVE)
    assert fault.zh == "同一人员不得兼任委员会、绩效办；见账户 li。"


@pytest.mark.parametrize(
    ("roles", "administrators", "expected"),
    [
        (["organiser"], 2, "ordinary"),
        (["organiser"], 1, "ordinary"),
        (["committee"], 1, "granted-by-one"),
        (["committee"], 0, "granted-by-one"),
        (["committee"], 2, "awaits-confirmation"),
        (["organiser", "committee"], 3, "awaits-confirmation"),
    ],
)
def test_powerful_roles_are_granted_by_two_once_there_are_two(roles, administrators, expected):
    assert grant(roles, {"committee", "performance_office"}, administrators) == expected


@pytest.mark.parametrize(
    ("confirmer", "is_pending", "refusal"),
    [
        ("second", True, None),
        ("creator", True, ConfirmedByAnother),
        ("user", True, ConfirmedByAnother),
        ("second", False, AlreadyInEffect),
    ],
)
def test_neither_the_creator_nor_the_user_confirms(confirmer, is_pending, refusal):
    told = {"person": "user", "creator": "creator", "confirmer": confirmer}
    if refusal is None:
        confirm(**told, is_pending=is_pending)
        return
    with pytest.raises(Refusal) as raised:
        confirm(**told, is_pending=is_pending)
    assert raised.type is refusal
