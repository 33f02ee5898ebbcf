"""How often one caller may ask: a token bucket (RFC 2697 in spirit, one token per request)."""

import math
from dataclasses import dataclass

from chassis.refusals import TooManyRequests


def too_many(wait: float) -> TooManyRequests:
    """Return the refusal of a caller who is to wait for `wait` seconds."""
    return TooManyRequests.after(max(1, round(wait + 0.5)))


@dataclass(frozen=True, slots=True)
class Bucket:
    """What one caller had left, and when.

    `tokens` is a number of requests, fractions included, and below zero what is owed; `at` a
    moment in seconds on a clock that never goes back. Both are floats: they measure time, never a
    score.
    """

    tokens: float
    at: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """A bucket's size: `burst` tokens at most, and `rate` new ones a second."""

    rate: float
    burst: float

    def left(self, bucket: Bucket | None, now: float) -> float:
        """Return how many tokens there are at `now`; who was not yet seen (None) has them all."""
        if bucket is None:
            return self.burst
        return min(self.burst, bucket.tokens + max(0.0, now - bucket.at) * self.rate)

    def take(self, bucket: Bucket | None, now: float) -> tuple[Bucket, float]:
        """Take one token at `now`; return the bucket that is left and the seconds to wait.

        Zero seconds mean that the request may pass. A refused request takes nothing, so that a
        caller who waits as told is let in.
        """
        tokens = self.left(bucket, now)
        if tokens >= 1:
            return Bucket(tokens - 1, now), 0.0
        return Bucket(tokens, now), (1 - tokens) / self.rate

    def policy(self, name: str) -> str:
        """Return the allowance as `RateLimit-Policy` says it: so many requests at once, and in so
        many seconds they are all there again (draft-ietf-httpapi-ratelimit-headers)."""
        return f'"{name}";q={int(self.burst)};w={math.ceil(self.burst / self.rate)}'

    def standing(self, name: str, bucket: Bucket) -> str:
        """Return what is left of a bucket as `RateLimit` says it, and in how many seconds it is
        full again."""
        lacking = max(0.0, self.burst - bucket.tokens) / self.rate
        return f'"{name}";r={max(0, int(bucket.tokens))};t={math.ceil(lacking)}'

    def owing(self, bucket: Bucket | None, now: float, number: int) -> Bucket:
        """Return the bucket after `number` requests that another process let through.

        They have been made, whether there was enough left for them or not: what was not is owed,
        and comes off what the bucket gains.
        """
        return Bucket(self.left(bucket, now) - number, now)

    def debt(self, bucket: Bucket | None, now: float) -> float:
        """Return the seconds until nothing is owed any more, 0 where nothing is."""
        return max(0.0, -self.left(bucket, now)) / self.rate

    def give_back(self, bucket: Bucket | None, now: float) -> Bucket:
        """Return the bucket with one token more, at most full."""
        return Bucket(min(self.burst, self.left(bucket, now) + 1), now)


def take(bucket: Bucket | None, now: float, rate: float, burst: float) -> tuple[Bucket, float]:
    """Take one token at `now` from a bucket of `burst` tokens that gains `rate` a second."""
    return Allowance(rate, burst).take(bucket, now)
