"""What a wrong secret costs, and whom."""

from contextlib import suppress

import pytest

from chassis.refusals import Refusal, TooManyRequests
from gateway.attempts import Attempt, Attempts
from gateway.rules.attempts import FORGOTTEN_AFTER, SUBJECT, FailureCount, remembered, wait
from gateway.rules.limits import Allowance


@pytest.mark.parametrize(
    ("tries", "now", "seconds"),
    [
        pytest.param(None, 100, 0, id="never tried"),
        pytest.param(FailureCount(4, 100), 100, 0, id="four failures cost nothing"),
        pytest.param(FailureCount(5, 100), 100, 1, id="the fifth a second"),
        pytest.param(FailureCount(6, 100), 100, 2, id="the next twice as much"),
        pytest.param(FailureCount(9, 100), 110, 6, id="what has passed counts"),
        pytest.param(FailureCount(10_000, 100), 100, 60, id="never more than a minute"),
        pytest.param(FailureCount(10_000, 100), 161, 0, id="and then the next try may be made"),
    ],
)
def test_each_further_failure_doubles_the_pause(tries, now, seconds):
    assert wait(tries, now) == seconds


def test_failures_are_forgotten_after_an_hour_without_a_try():
    tries = FailureCount(9, 100)
    assert remembered(tries, 100 + FORGOTTEN_AFTER - 1) == tries
    assert remembered(tries, 100 + FORGOTTEN_AFTER) is None


AS_FAST_AS_ONE_LIKES = Allowance(10**9, 10**9)


def attempts(failures_per_address=20, pace=AS_FAST_AS_ONE_LIKES):
    return Attempts(failures_per_address, pace)


def let_in(tried, subject, address, now):
    """Try once with a wrong secret; say whether it was compared at all."""
    try:
        attempt = tried.begin(subject, address, now)
    except Refusal:
        return False
    tried.failed(attempt, now, is_account=True)
    return True


def test_failures_slow_down_the_address_that_fails_and_no_other():
    """Planted bug: count failures by subject alone."""
    tried = attempts()
    assert [let_in(tried, "li", "a", 0) for _ in range(8)] == [True] * 5 + [False] * 3
    tried.succeeded(tried.begin("li", "b", 0), 0)
    assert let_in(tried, "li", "a", 1)
    assert not let_in(tried, "li", "a", 2.9)
    assert let_in(tried, "li", "a", 3)


def test_tries_at_the_same_moment_are_all_counted():
    """Planted bug: count a failure when it is known, and a thousand guesses are made before."""
    tried = attempts()
    begun = 0
    for _ in range(100):
        try:
            tried.begin("li", "a", 0)
            begun += 1
        except Refusal:
            pass
    assert begun == 5


def test_a_success_begins_the_count_anew_and_costs_nothing():
    tried = attempts()
    for _ in range(4):
        let_in(tried, "li", "a", 0)
    tried.succeeded(tried.begin("li", "a", 0), 0)
    assert [let_in(tried, "li", "a", 0) for _ in range(6)] == [True] * 5 + [False]


def test_a_success_for_oneself_forgives_no_failure_for_others():
    """Planted bug: empty the address's account of failures at each success."""
    tried = attempts(failures_per_address=20)
    done = 0
    for i in range(100):
        done += let_in(tried, f"victim-{i}", "a", 0)
        if i < 3:
            tried.succeeded(tried.begin("me", "a", 0), 0)
    assert done == 20


def test_one_address_cannot_try_one_secret_with_every_name():
    tried = attempts()
    assert sum(let_in(tried, f"p-{i}", "a", 0) for i in range(1000)) == 20
    assert sum(let_in(tried, f"p-{i}", "b", 0) for i in range(1000)) == 20
    assert sum(let_in(tried, f"q-{i}", "a", 60) for i in range(1000)) == 3


def test_who_signed_in_from_an_address_is_not_held_back_by_what_others_do_there():
    """Planted bug: one allowance for all behind one address, whoever they are."""
    tried = attempts()
    tried.succeeded(tried.begin("li", "a", 0), 0)
    for i in range(30):
        let_in(tried, f"p-{i}", "a", 0)
    with pytest.raises(Refusal):
        tried.begin("zhao", "a", 0)
    known = tried.begin("li", "a", 0)
    assert (known.suspicion, known.queue) == (0, "a li")


def test_an_address_that_has_not_failed_is_let_in_whatever_else_is_tried():
    """Planted bug: hold everybody to the subject's shared limit."""
    tried = attempts()
    for i in range(200):
        assert let_in(tried, "li", f"bot-{i}", 0)
    again = sum(let_in(tried, "li", f"bot-{i}", 6) for i in range(200))
    assert again <= SUBJECT.rate * 6 + 1
    tried.succeeded(tried.begin("li", "home", 6), 6)


def test_right_secrets_are_not_compared_without_end_either():
    """Planted bug: count failures alone, and whoever has an account keeps the hasher busy."""
    tried = attempts(pace=Allowance(rate=1, burst=3))

    def sign_in(subject, address, now):
        try:
            tried.succeeded(tried.begin(subject, address, now), now)
        except Refusal:
            return False
        return True

    assert [sign_in("li", "a", 0) for _ in range(6)] == [True] * 4 + [False] * 2
    assert sign_in("li", "a", 1)
    assert [sign_in("wang", "a", 0) for _ in range(4)] == [True] * 4
    assert sign_in("zhao", "b", 0)


def test_a_try_that_nobody_compared_does_not_count():
    tried = attempts()
    for _ in range(50):
        tried.withdraw(tried.begin("li", "a", 0), 0)
    assert let_in(tried, "li", "a", 0)


def test_the_memory_does_not_grow_with_made_up_names_and_addresses():
    """Planted bug: keep every name somebody thought of."""
    tried = attempts(failures_per_address=10**9)
    for i in range(30_000):
        let_in(tried, f"p-{i}", f"a-{i}", i)
        tried.begin_code(Attempt(f"p-{i}", f"a-{i}", 1, f"a-{i}", 0), i)
    memories = [v for v in vars(tried).values() if hasattr(v, "__len__")]
    assert len(memories) == 8
    assert max(map(len, memories)) <= 10_000


def notes(tried, subject, address, now, is_account=True):
    try:
        attempt = tried.begin(subject, address, now)
    except Refusal:
        return None
    return tried.failed(attempt, now, is_account=is_account)


def test_a_burst_of_failures_is_noted_once():
    """Planted bug: a line of the journal for each failure."""
    tried = attempts()
    noted = [notes(tried, "li", "a", now) for now in range(600)]
    assert [note for note in noted if note] == [{"subject": "li"}]
    assert noted[4] == {"subject": "li"}
    assert notes(tried, "li", "b", 4000) is None  # the first failure of an hour is no burst


def test_names_that_are_no_account_do_not_fill_the_journal():
    tried = attempts(failures_per_address=10**9)
    noted = [notes(tried, f"p-{i}", "a", 0, is_account=False) for i in range(1000)]
    assert not any(noted)


def test_not_even_a_thousand_addresses_fill_the_journal():
    tried = attempts(failures_per_address=1)
    noted = [notes(tried, f"p-{i}", f"a-{i}", 0, is_account=False) for i in range(1000)]
    assert len([note for note in noted if note]) == 20


def test_who_has_an_account_guesses_no_faster_by_signing_in_between():
    """Planted bug: a success of a known name gives the address back what it never took."""
    attempts = Attempts(3, AS_FAST_AS_ONE_LIKES)
    attempts.succeeded(attempts.begin("own", "a", 0), 0)
    guesses = 0
    for n in range(50):
        attempts.succeeded(attempts.begin("own", "a", n / 10), n / 10)
        with suppress(TooManyRequests):
            attempts.failed(attempts.begin(f"other-{n}", "a", n / 10), n / 10, is_account=True)
            guesses += 1
    assert guesses <= 4
