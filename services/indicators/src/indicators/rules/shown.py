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
    for name in ("units", "organisers"):
        yield from _hidden_from(name, policy.public, getattr(policy, name))
    yield from _noticed(scheme, policy)


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
