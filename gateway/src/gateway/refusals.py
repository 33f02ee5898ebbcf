"""Refusals that the gateway answers with itself, without asking a service."""

from collections.abc import Sequence

from chassis.refusals import Invalid, Missing, Unavailable

_SERVICES_ZH = {
    "indicators": "指标服务",
    "scoring": "计分服务",
    "survey": "调查服务",
    "ranking": "排名服务",
    "gateway": "网关",
}


def named_zh(service: str) -> str:
    """Return how a service is called in Chinese."""
    return _SERVICES_ZH.get(service, service)


class NoSuchPath(Missing):
    """No service answers to this path."""

    zh = "没有服务对应这个地址。"
    remedy = (
        "Compare the path with the API document.",
        "请对照接口文档检查地址。",
    )


class NoSuchMethod(Invalid):
    """This path does not know the method."""

    zh = "该地址不支持这种方法。"
    remedy = (
        "Use one of the methods in the header `Allow`.",
        "请改用应答头 `Allow` 中列出的方法。",
    )
    status = 405
    headers: dict[str, str]


class ServiceDown(Unavailable):
    """The service behind this path did not answer."""

    zh = "该地址对应的服务没有应答。"
    remedy = (
        "Ask again after the seconds in `Retry-After`; send a command with the same "
        "`Idempotency-Key`.",
        "请在 `Retry-After` 所示秒数后重试；重发命令时保持 `Idempotency-Key` 不变。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


class ServiceBusy(Unavailable):
    """The service behind this path has as much to do as it can."""

    zh = "该地址对应的服务当前请求过多。"
    remedy = (
        "Ask again after the seconds in `Retry-After`; send a command with the same "
        "`Idempotency-Key`.",
        "请在 `Retry-After` 所示秒数后重试；重发命令时保持 `Idempotency-Key` 不变。",
    )
    headers = {"Retry-After": "1"}  # noqa: RUF012 - never written to


class TookTooLong(Unavailable):
    """The request took longer than allowed."""

    zh = "请求处理超时。"
    remedy = (
        "The command may have been done: send it again with the same `Idempotency-Key`. Ask for "
        "less at once if it happens again.",
        "命令可能已经完成：请用同一 `Idempotency-Key` 重发。如再次出现，请减少一次处理的内容。",
    )
    status = 504


def no_such_path(path: str) -> NoSuchPath:
    """Return the refusal of a path that nothing answers to."""
    return NoSuchPath(f"Nothing answers to {path[:200]}.", f"没有服务对应 {path[:200]}。")


def no_such_method(methods: Sequence[str]) -> NoSuchMethod:
    """Return the refusal of a method that the path does not know, with those it does."""
    known = ", ".join(methods)
    refusal = NoSuchMethod(f"Known here: {known}.", f"可用的方法：{known}。")
    refusal.headers = {"Allow": known}
    return refusal
