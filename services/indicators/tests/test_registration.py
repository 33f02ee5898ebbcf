import pytest

from indicators.rules.registration import Identity, UnitsRefused, check_registration

USCC = "91110000600037341L"
OTHER = "121200004013590816"


def test_units_with_codes_of_their_own_may_be_registered():
    units = [Identity("A", USCC), Identity("B", None), Identity("C", None)]
    check_registration(units, [Identity("X", OTHER), Identity("Y", None)])


@pytest.mark.parametrize(
    ("units", "faults"),
    [
        ([Identity("own_unit", None)], {("/units/0/code", "reserved-code")}),
        ([Identity("A", USCC[:-1] + "N")], {("/units/0/uscc", "not-a-social-credit-code")}),
        ([Identity("X", None)], {("/units/0/code", "registered-already")}),
        ([Identity("A", OTHER)], {("/units/0/uscc", "registered-already")}),
        ([Identity("A", USCC), Identity("B", USCC)], {("/units/1/uscc", "named-twice")}),
        (
            [Identity("A", None), Identity("A", None), Identity("X", "1")],
            {
                ("/units/1/code", "named-twice"),
                ("/units/2/code", "registered-already"),
                ("/units/2/uscc", "not-a-social-credit-code"),
            },
        ),
    ],
)
def test_units_that_cannot_be_told_apart_are_named_all_at_once(units, faults):
    with pytest.raises(UnitsRefused) as refused:
        check_registration(units, [Identity("X", OTHER)])
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == faults
