"""How often one caller may ask."""

import pytest

from gateway.rules.limits import Bucket, take

RATE, BURST = 2.0, 3.0


@pytest.mark.parametrize(
    ("bucket", "now", "left", "wait"),
    [
        pytest.param(None, 100.0, 2.0, 0.0, id="a caller not yet seen has a full bucket"),
        pytest.param(Bucket(2.0, 100.0), 100.0, 1.0, 0.0, id="each request takes one token"),
        pytest.param(Bucket(1.0, 100.0), 100.0, 0.0, 0.0, id="the last token may be taken"),
        pytest.param(Bucket(0.0, 100.0), 100.0, 0.0, 0.5, id="none left: wait for the next"),
        pytest.param(Bucket(0.0, 100.0), 100.25, 0.5, 0.25, id="half a token is not enough"),
        pytest.param(Bucket(0.0, 100.0), 100.5, 0.0, 0.0, id="who waits as told is let in"),
        pytest.param(Bucket(0.0, 100.0), 999.0, 2.0, 0.0, id="a bucket holds no more than burst"),
        pytest.param(Bucket(0.5, 100.0), 50.0, 0.5, 0.25, id="a clock gone back takes nothing"),
    ],
)
def test_a_bucket_gives_a_token_or_a_time_to_wait(bucket, now, left, wait):
    after, seconds = take(bucket, now, RATE, BURST)
    assert (after.tokens, seconds) == (left, wait)


def test_in_the_long_run_a_caller_gets_the_rate_and_no_more():
    """Fails when a refused request gives tokens, or time is counted twice."""
    bucket, passed = None, 0
    for tick in range(1000):
        bucket, wait = take(bucket, tick * 0.01, RATE, BURST)
        passed += wait == 0
    assert passed == BURST + 10 * RATE - 1  # ten seconds less the last tick
