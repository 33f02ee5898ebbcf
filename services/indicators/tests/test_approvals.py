"""A chain of approval that leads nowhere is refused, by the name of what is wrong with it."""

import pytest

from chassis import journal
from chassis.wire import adapter_of
from indicators.rules.approvals import approval_faults
from indicators.rules.draft import SchemeFaulty
from indicators.rules.scheme import Scheme

RECUSAL = {"/recusals": [{"unit": "X1", "body": "B02"}]}
MEMBERS = [{"code": "A"}, {"code": "B", "unit": "X1"}, {"code": "C", "unit": "X2"}]


def single(code="merge", **more):
    return {"code": code, "role": "performance_office"} | more


def meeting(**more):
    told = {"code": "review", "role": "committee", "kind": "meeting", "members": MEMBERS}
    return told | more


def faults(stored, *steps, **more):
    scheme = stored({"/approval": {"steps": [*steps]}} | more)
    return [
        (each.pointer.removeprefix("/approval/steps"), each.code)
        for each in approval_faults(scheme)
    ]


def test_a_scheme_without_a_chain_is_the_document_that_it_was(stored):
    """Planted bug: leave `approval` out of `WHERE_GIVEN`."""
    written = adapter_of(Scheme).dump_python(stored(), mode="json")
    assert "approval" not in written
    with_one = adapter_of(Scheme).dump_python(
        stored({"/approval": {"steps": [single()]}}), mode="json"
    )
    assert journal.sha256(with_one) != journal.sha256(written)


def test_a_chain_of_many_kinds_of_steps_is_sound(stored):
    last = single("decision", role="standing_committee", send_back_to=["merge", "review"])
    assert faults(stored, single(delegates=True), meeting(), last) == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], ("", "no-steps")),
        ([single(f"S{n}") for n in range(21)], ("", "too-many")),
        ([single("publication")], ("/0/code", "reserved")),
        ([single(), single()], ("/1/code", "named-twice")),
        ([single(send_back_to=["merge"])], ("/0/send_back_to/0", "not-an-earlier-step")),
        (
            [single(send_back_to=["review"]), meeting()],
            ("/0/send_back_to/0", "not-an-earlier-step"),
        ),
        ([single(members=MEMBERS)], ("/0/members", "for-a-meeting-only")),
        ([single(at_least=1)], ("/0/at_least", "for-a-meeting-only")),
        ([single(instead="committee")], ("/0/instead", "for-a-meeting-only")),
        ([single(quorum="all")], ("/0/quorum", "for-a-meeting-only")),
        ([single(majority="two_thirds")], ("/0/majority", "for-a-meeting-only")),
        ([meeting(needs="minutes")], ("/0/needs", "always-needed")),
        ([meeting(members=[])], ("/0/members", "no-members")),
        ([meeting(members=[*MEMBERS, {"code": "A"}])], ("/0/members/3/code", "named-twice")),
        (
            [meeting(at_least=4, instead="standing_committee")],
            ("/0/at_least", "quorum-above-members"),
        ),
        ([meeting(delegates=True)], ("/0/delegates", "meeting-delegated")),
        ([meeting(instead="committee")], ("/0/instead", "instead-of-itself")),
        ([single(needs="hand_in")], ("/0/needs", "not-of-this-role")),
    ],
)
def test_what_is_wrong_with_a_chain_is_named(stored, steps, expected):
    """Planted bug: a return to a later step, or to the step itself."""
    assert faults(stored, *steps) == [expected]


@pytest.mark.parametrize(
    ("step", "changes", "stuck"),
    [
        (meeting(members=MEMBERS[1:]), {}, True),
        (meeting(members=MEMBERS[1:], instead="standing_committee"), {}, False),
        (meeting(members=MEMBERS[1:], instead="second_body"), {}, True),
        (meeting(members=MEMBERS[1:], instead="second_body"), RECUSAL, False),
        (meeting(at_least=2), {}, True),
        (meeting(at_least=1), {}, False),
    ],
)
def test_a_chain_that_would_halt_is_refused(stored, step, changes, stuck):
    """Planted bugs: members are counted who are barred by their own unit; a second body that no
    recusal names."""
    expected = [("/0/instead", "deadlock")] if stuck else []
    assert faults(stored, step, **changes) == expected


def test_a_role_that_takes_no_step_is_refused_when_the_scheme_is_saved(stored):
    with pytest.raises(Exception, match="role"):
        stored({"/approval": {"steps": [single(role="auditor")]}})


def test_a_unit_of_a_member_is_a_registered_one(scheme):
    """Planted bug: units of members are not looked up."""
    from indicators.rules.publication import SchemeUnsound, check_coherent

    told = scheme({"/approval": {"steps": [meeting(members=[{"code": "A", "unit": "NONE"}])]}})
    units = dict.fromkeys(("X1", "X2", "X3", "X4", "D1", "D2"), "assessed")
    with pytest.raises(SchemeUnsound) as refused:
        check_coherent(told, units | {"B01": "body", "B02": "body"})
    at = "/approval/steps/0/members/0/unit"
    assert [each.pointer for each in refused.value.faults if "approval" in each.pointer] == [at]


def test_codes_are_codes(scheme):
    from indicators.rules.draft import complete

    with pytest.raises(SchemeFaulty):
        complete(scheme({"/approval": {"steps": [single("一")]}}))
