"""Who is shown what of a release: a scheme whose policy does not agree with itself is refused."""

import pytest

from chassis import journal
from chassis.wire import adapter_of
from indicators.rules.scheme import Scheme
from indicators.rules.shown import publication_faults


def written(scheme):
    return adapter_of(Scheme).dump_python(scheme, mode="json")


def test_a_scheme_without_a_policy_has_the_digest_from_before(stored):
    """Planted bug: null where there was nothing."""
    plain = written(stored())
    assert "publication" not in plain
    told = written(stored({"/publication": {"public": {"ranks": True}}}))
    assert told.pop("publication")["public"]["ranks"] is True
    assert journal.sha256(told) == journal.sha256(plain)
    assert (
        "coefficients"
        not in written(stored({"/publication": {"public": {"ranks": True}}}))["publication"][
            "public"
        ]
    )


@pytest.mark.parametrize(
    ("shows", "public", "is_named"),
    [
        ("grades", {"grades": True}, False),
        ("grades_and_ranks", {"grades": True}, True),
        ("grades_and_ranks", {"ranks": True}, False),
        ("grades_ranks_and_totals", {"ranks": True}, True),
        ("grades_ranks_and_totals", {"ranks": True, "scores": True}, False),
        ("grades_ranks_and_totals", None, False),
    ],
)
def test_a_notice_shows_nobody_what_the_release_hides(stored, shows, public, is_named):
    """Planted bug: what everybody has seen for five days is hidden afterwards."""
    policy = {} if public is None else {"public": public}
    scheme = stored({"/publication": policy, "/notice": {"shows": shows}})
    told = [(each.pointer, each.code) for each in publication_faults(scheme)]
    assert told == [("/notice/shows", "notice-shows-more")] * is_named


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, set()),
        ({"public": {"ranks": True, "scores": True}}, set()),
        ({"public": {"first_places": 3}, "units": {"ranks": True}}, set()),
        (
            {"public": {"ranks": True, "first_places": 3}},
            {("/publication/public/first_places", "first-places-unused")},
        ),
        (
            {"public": {"grades": True}, "organisers": {"ranks": True}},
            {("/publication/organisers/grades", "public-sees-more")},
        ),
        (
            {"public": {"first_places": 5}, "units": {"first_places": 3}},
            {("/publication/units/first_places", "public-sees-more")},
        ),
        ({"public": {"ranks": True, "uncertainty": True}}, set()),
        (
            {"public": {"first_places": 3, "uncertainty": True}},
            {("/publication/public/uncertainty", "ranges-without-ranks")},
        ),
        (
            {"public": {"ranks": True, "uncertainty": True}, "units": {"ranks": True}},
            {("/publication/units/uncertainty", "public-sees-more")},
        ),
    ],
)
def test_a_policy_shows_nobody_who_is_signed_in_less_than_the_public(stored, policy, expected):
    """Planted bugs: compare first places as yes and no; look at units alone."""
    scheme = stored({"/publication": policy})
    assert {(each.pointer, each.code) for each in publication_faults(scheme)} == expected


@pytest.mark.parametrize("cap", [None, "60"])
def test_ranges_of_ranks_stand_beside_no_block_that_is_cut_at_a_cap_of_its_own(stored, cap):
    """Planted bug: accepted, and then no release can be published."""
    plain = written(stored())
    block = plain["composition"]["parts"][0]
    changes = {
        "/publication": {"organisers": {"ranks": True, "uncertainty": True}},
        "/composition/by_part": [{"block": block, "cap": cap, "weight": "1"}],
    }
    told = [(each.pointer, each.code) for each in publication_faults(stored(changes))]
    expected = [("/publication/organisers/uncertainty", "ranges-of-capped-blocks")]
    assert told == expected * (cap is not None)
