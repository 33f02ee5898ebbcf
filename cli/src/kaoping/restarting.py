"""Asks a running system to replace its processes one by one, and tells how far it has come."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from kaoping.faults import KaopingFault
from kaoping.rolling import DONE, GOES_ON

SECONDS = 600.0
_HEARD_SECONDS = 10.0
_EVERY = 0.2

Tell = Callable[[str], None]


def restart(
    var: Path,
    modules: Iterable[str],
    tell: Tell,
    *,
    chinese: bool = False,
    seconds: float = SECONDS,
) -> None:
    """Have every process of the system in `var` replaced by one of the version that is installed
    now; return when all are. Raises `KaopingFault` where that is not begun, or not brought to its
    end: what is not replaced then serves as before.
    """

    def fault(en: str, zh: str) -> KaopingFault:
        return KaopingFault(zh if chinese else en)

    if not _is_running(var):
        raise fault(f"no system runs in {var}", f"{var} 中没有运行的系统")
    before = _told(var)
    if before["state"] == GOES_ON:
        raise fault("it is being restarted already", "正在逐个重启")
    # What cannot even be imported would leave the supervisor without a program.
    command = [sys.executable, "-c", f"import kaoping.zygote, {', '.join(modules)}"]
    if subprocess.run(command, capture_output=True).returncode:  # noqa: S603 - our own interpreter
        raise fault("the installed version does not start", "所装版本无法启动")
    os.kill(before["pid"], signal.SIGHUP)
    last = _followed(var, before["number"], tell, seconds)
    if last is None:
        raise fault(
            "the system does not say that it restarts; see its log", "系统没有回应，请查看日志"
        )
    if last["state"] == GOES_ON:
        raise fault("it goes on for too long; see the log", "重启耗时过长，请查看日志")
    if last["state"] != DONE:
        raise fault(
            f"given up, and what was not replaced serves as before: {last['why']}",
            f"重启中止，未更换的进程照常服务：{last['why']}",
        )


def _followed(var: Path, number: int, tell: Tell, seconds: float) -> dict[str, Any] | None:
    """Tell what is replaced, until it ends or takes too long; None where it does not begin."""
    began, said = time.monotonic(), 0
    while True:
        told, past = _told(var), time.monotonic() - began
        if told["number"] > number:
            for name in told["replaced"][said:]:
                tell(name)
            said = len(told["replaced"])
            if told["state"] != GOES_ON or past > seconds:
                return told
        elif past > _HEARD_SECONDS:
            return None
        time.sleep(_EVERY)


def _told(var: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((var / "supervisor.json").read_text("utf-8"))
    except FileNotFoundError:
        raise KaopingFault(f"no system runs in {var} {var} 中没有运行的系统") from None
    return found


def _is_running(var: Path) -> bool:
    """Say whether somebody runs the system in `var`: the number of a process may be another's."""
    try:
        with (var / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
