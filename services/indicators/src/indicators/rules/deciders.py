"""Who may decide about which unit: nobody about the own one, and a second body where the scheme
names one (回避)."""

from collections.abc import Collection, Sequence

from chassis.refusals import Fault, Forbidden, pointer
from indicators.rules.scheme import Scheme


class DeciderBarred(Forbidden):
    """The caller may not decide about some of these units, or about their category."""

    zh = "调用者须回避，不能对其中部分单位或该类别作出决定。"
    remedy = (
        "Have it decided by somebody of another unit, or by the body that the scheme names for "
        "recusals.",
        "请由其他单位的人员，或方案规定的回避事项办理机构办理。",
    )


def check_deciders(
    units: Sequence[str],
    scheme: Scheme,
    unit: str | None,
    roles: Collection[str],
    family: str,
    field: str | None = "unit",
) -> None:
    """Refuse that an account decides about its own unit, or about one that the scheme gives to a
    second body (回避); `unit` and `roles` are the caller's. They stand in `family`, as a `field` of
    each thing there, or as they are."""
    inside = () if field is None else (field,)
    each = ((concerned, pointer(family, i, *inside)) for i, concerned in enumerate(units))
    found = (_barred(concerned, scheme, unit, roles, at) for concerned, at in each)
    faults = [fault for fault in found if fault is not None]
    if faults:
        n = len(faults)
        raise DeciderBarred(f"{n} fault(s).", f"共 {n} 处须回避。", faults=faults)


def may_decide(concerned: str, scheme: Scheme, unit: str | None, roles: Collection[str]) -> bool:
    """Say whether an account may decide about a unit, by the rules of `check_deciders`."""
    return _barred(concerned, scheme, unit, roles, "") is None


def is_office_of(concerned: str, scheme: Scheme, unit: str | None, roles: Collection[str]) -> bool:
    """Say whether an account is of the office, for units that the scheme gives to a second body of
    that body, and not of the unit itself."""
    role = "performance_office" if scheme.second_body_of(concerned) is None else "second_body"
    return role in roles and may_decide(concerned, scheme, unit, roles)


def _barred(
    concerned: str, scheme: Scheme, unit: str | None, roles: Collection[str], at: str
) -> Fault | None:
    body = scheme.second_body_of(concerned)
    if concerned == unit:
        return Fault(
            at,
            "own-unit",
            f"The caller belongs to {concerned}.",
            f"调用者属于 {concerned}，须回避。",
        )
    if body is not None and (body != unit or "second_body" not in roles):
        return Fault(
            at,
            "recused",
            f"{body} decides about {concerned}.",
            f"{concerned} 的事项由 {body} 办理。",
        )
    return None


def relations_of(units: Sequence[str], scheme: Scheme | None, unit: str | None) -> frozenset[str]:
    """Return `second_body` when the scheme gives all of these units to the caller's unit."""
    if scheme is None or unit is None:
        return frozenset()
    mine = all(scheme.second_body_of(concerned) == unit for concerned in units)
    return frozenset({"second_body"} if mine else ())
