"""How a webhook is stopped and resumed, and when a delivery is tried again."""

import pytest

from gateway.rules import webhooks as rules
from gateway.rules.webhooks import RedeliveryRejected, TwoSecretsSign, WebhookStateDiffers

pytestmark = pytest.mark.rules


def test_pauses_grow_to_twelve_hours_and_come_to_three_days():
    """Planted bugs: pauses without an end; one try less or more."""
    pauses = [rules.pause_after(n, 0.5, first=5.0, most=15) for n in range(1, 16)]
    assert pauses[:5] == [5.0, 15.0, 45.0, 135.0, 405.0]
    assert max(each for each in pauses if each) == 43_200
    assert [each is None for each in pauses] == [False] * 14 + [True]
    assert 70 < sum(each or 0 for each in pauses) / 3600 < 76


def test_what_failed_together_does_not_come_back_together():
    """Planted bug: the draw is not looked at."""
    drawn = [rules.pause_after(3, draw, first=5.0, most=15) for draw in (0.0, 0.5, 1.0)]
    assert drawn == pytest.approx([36.0, 45.0, 54.0])


def test_a_receiver_may_ask_to_be_left_alone_for_a_while_and_not_for_ever():
    """Planted bug: whatever `Retry-After` says is waited for."""
    waits = [rules.pause_after(2, 0.5, first=5.0, most=15, wait=each) for each in (0, 60, 999_999)]
    assert waits == [15.0, 60, 43_200]
    assert rules.pause_after(15, 0.5, first=5.0, most=15, wait=60) is None


def test_each_step_leads_from_some_states_alone():
    there = ("active", "paused", "disabled", "ended")
    may = {
        "paused": {"active"},
        "active": {"paused", "disabled"},
        "ended": {"active", "paused", "disabled"},
    }
    for after, known in may.items():
        for before in there:
            if before in known:
                rules.step(before, after)
            else:
                with pytest.raises(WebhookStateDiffers):
                    rules.step(before, after)


def test_a_third_secret_is_refused_unless_it_ends_the_others():
    rules.check_secrets(1, 24)
    rules.check_secrets(2, 0)
    with pytest.raises(TwoSecretsSign):
        rules.check_secrets(2, 1)


@pytest.mark.parametrize(
    ("first", "last", "codes"),
    [
        (1, 1, []),
        (1, 1000, []),
        (1, 1001, ["too-many"]),
        (2, 1, ["ends-before-it-begins"]),
        (1999, 2001, ["not-sent-yet"]),
        (1, 5000, ["not-sent-yet", "too-many"]),
    ],
)
def test_a_range_is_of_what_was_sent_and_not_too_long(first, last, codes):
    try:
        rules.check_range(first, last, settled=2000)
        found = []
    except RedeliveryRejected as refusal:
        found = [fault.code for fault in refusal.faults]
    assert found == codes
