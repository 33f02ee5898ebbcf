"""What a scheme says of who is shown what of a release must agree with itself."""

from collections.abc import Iterator
from dataclasses import fields

from chassis.refusals import Fault, pointer
from indicators.rules.policies import PublicationPolicy, ShownParts
from indicators.rules.scheme import Scheme


def publication_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield first places of ranks that are all shown, and what the public would see and units or
    organisers would not."""
    policy = scheme.publication
    if policy is None:
        return
    for each in fields(PublicationPolicy):
        shown: ShownParts | None = getattr(policy, each.name)
        if shown is not None and shown.ranks and shown.first_places is not None:
            yield Fault(
                pointer("publication", each.name, "first_places"),
                "first-places-unused",
                "All ranks are shown.",
                "已公布全部名次，不填写前若干名。",
            )
        if shown is not None and shown.uncertainty:
            yield from _ranges(scheme, each.name, shown)
    for name in ("units", "organisers"):
        yield from _hidden_from(name, policy.public, getattr(policy, name))
    yield from _noticed(scheme, policy)


def _ranges(scheme: Scheme, name: str, shown: ShownParts) -> Iterator[Fault]:
    """Yield ranges of ranks beside which the ranks are not shown, and those that cannot be found:
    of a part that is cut at its own cap it is not known what another weight would make of it."""
    at = pointer("publication", name, "uncertainty")
    if not shown.ranks:
        en, zh = "The ranks themselves are not shown.", "未公布全部名次，不得公布名次区间。"
        yield Fault(at, "ranges-without-ranks", en, zh)
    made = [scheme.composition_of(each) for each in scheme.categories]
    if any(part.cap is not None for one in made for part in one.by_part):
        en = "A block has a cap of its own, beyond which its weight cannot be varied."
        zh = "有板块另设封顶分值，无法推算名次区间。"
        yield Fault(at, "ranges-of-capped-blocks", en, zh)


def _noticed(scheme: Scheme, policy: PublicationPolicy) -> Iterator[Fault]:
    """Yield what a notice shows to everybody before and the release does not show the public."""
    notice, public = scheme.notice, policy.public
    if notice is None or public is None:
        return
    hides_ranks = notice.shows != "grades" and not public.ranks
    if hides_ranks or (notice.shows == "grades_ranks_and_totals" and not public.scores):
        en = "The release does not show the public what the notice does."
        zh = "公示的内容多于向社会公布的内容。"
        yield Fault(pointer("notice", "shows"), "notice-shows-more", en, zh)


def _hidden_from(name: str, public: ShownParts | None, shown: ShownParts | None) -> Iterator[Fault]:
    if public is None or shown is None:
        return
    for each in fields(ShownParts):
        if each.name == "first_places":
            is_hidden = _first(public) > _first(shown)
        else:
            is_hidden = getattr(public, each.name) and not getattr(shown, each.name)
        if is_hidden:
            yield Fault(
                pointer("publication", name, each.name),
                "public-sees-more",
                f"The public is shown {each.name}, and {name} are not.",
                f"向社会公布了 {each.name}，对 {name} 却不公布。",
            )


def _first(shown: ShownParts) -> int:
    """Return of how many first places the rank is shown."""
    return 1 << 31 if shown.ranks else shown.first_places or 0
