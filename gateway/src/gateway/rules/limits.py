"""How often one caller may ask: a token bucket (RFC 2697 in spirit, one token per request)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """What one caller had left, and when.

    `tokens` is a number of requests, fractions included; `at` a moment in seconds on a clock
    that never goes back. Both are floats: they measure time, never a score.
    """

    tokens: float
    at: float


def take(bucket: Bucket | None, now: float, rate: float, burst: float) -> tuple[Bucket, float]:
    """Take one token at `now`; return the bucket that is left and the seconds to wait.

    A bucket holds at most `burst` tokens and gains `rate` of them a second; a caller not yet
    seen (None) has a full one. Zero seconds mean that the request may pass. A refused request
    takes nothing, so that a caller who waits as told is let in.
    """
    if bucket is None:
        tokens = burst
    else:
        tokens = min(burst, bucket.tokens + max(0.0, now - bucket.at) * rate)
    if tokens >= 1:
        return Bucket(tokens - 1, now), 0.0
    return Bucket(tokens, now), (1 - tokens) / rate
