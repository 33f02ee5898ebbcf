"""What other systems register under names of their own (来源记录号): once each, and unchanged where
it is sent just so again."""

from collections.abc import Iterator, Mapping, Sequence

from chassis.refusals import Fault, pointer

Told = tuple[str | None, object]
"""The `source_ref` of something, and all that it says."""


def same_as_before(told: Sequence[Told], known: Mapping[str, object]) -> list[int]:
    """Return the places of what was registered before just so."""
    return [n for n, (ref, tells) in enumerate(told) if ref is not None and known.get(ref) == tells]


def ref_faults(
    told: Sequence[Told], known: Mapping[str, object], rows: str, called: tuple[str, str]
) -> Iterator[Fault]:
    """Yield names under which something was registered before, or stands in an earlier one of the
    `rows`; `called` is what each is, in English and Chinese."""
    seen, (en, zh) = set[str](), called
    for n, (ref, _) in enumerate(told):
        at = f"{pointer(rows, n)}/source_ref"
        if ref is None:
            continue
        if ref in known:
            yield Fault(
                at,
                "registered-before",
                f"The {en} {ref} was registered before; what changes of it is a move of it.",
                f"来源记录号为 {ref} 的{zh}已登记；变更须按办理步骤进行。",
            )
        elif ref in seen:
            en_, zh_ = f"An earlier {en} here has the same.", f"与前面的{zh}相同。"
            yield Fault(at, "source-ref-twice", en_, zh_, beside=True)
        seen.add(ref)
