"""Hypothesis machines that ask services at work, step by step, beside a model of them."""

import asyncio
import inspect
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from hypothesis.strategies import DataObject, SearchStrategy, fixed_dictionaries, sampled_from

from service_testing import trials

T = TypeVar("T")


Method = Callable[..., None]


@dataclass(frozen=True)
class _Step:
    ready: Callable[[Any], object]
    drawn: dict[str, SearchStrategy[Any]]
    takes_data: bool


def step(
    *, ready: Callable[[Any], object] = lambda _: True, **drawn: SearchStrategy[Any]
) -> Callable[[Method], Method]:
    """Mark a method as something that `one_of` may do when the machine is `ready` for it, with what
    is drawn for its arguments; one of them may be `data`."""

    def mark(method: Method) -> Method:
        takes_data = "data" in inspect.signature(method).parameters
        method.step = _Step(ready, drawn, takes_data)  # type: ignore[attr-defined]
        return method

    return mark


class AskingMachine(RuleBasedStateMachine):
    """A machine that asks services in the event loop of the test, from a thread of its own.

    `world` makes what one run drives; `tally` counts the answers by command and outcome.
    """

    world: ClassVar[Callable[[], Any]]
    loop: ClassVar[asyncio.AbstractEventLoop]
    tally: ClassVar[Counter[str]] = Counter()

    def ask(self, asking: Coroutine[Any, Any, T]) -> T:
        """Wait for what is asked."""
        return asyncio.run_coroutine_threadsafe(asking, type(self).loop).result(60)

    def one_of(self, data: DataObject, *methods: Method) -> None:
        """Do one of some steps that the machine is ready for; one that stands twice more often."""
        steps: list[tuple[Method, _Step]] = [(each, each.step) for each in methods]  # type: ignore[attr-defined]
        ready = [(method, of) for method, of in steps if of.ready(self)]
        if not ready:
            return
        method, of = data.draw(sampled_from(ready))
        given = data.draw(fixed_dictionaries(of.drawn), label=method.__name__)
        method(**given, **({"data": data} if of.takes_data else {}))

    def told(self, path: str, answer: httpx.Response) -> httpx.Response:
        """Count the answer to a command by the last word of its path, and give it back."""
        what = path.partition("?")[0].rpartition("/")[2]
        self.tally[f"{what} {'kept' if answer.is_success else 'refused'}"] += 1
        return answer


async def run_machine(
    machine: type[AskingMachine],
    world: Callable[[], Any],
    usual: tuple[int, int],
    thorough: tuple[int, int],
    name: str = "OneMachine",
) -> Counter[str]:
    """Run a machine so many times for so many steps, fewer unless PROVE is set; return its tally.

    The steps are the same each time. What fails is not shrunk: of fifty steps that takes minutes.
    """
    loop = asyncio.get_running_loop()
    tally = Counter[str]()
    members = {"world": staticmethod(world), "loop": loop, "tally": tally}
    runs, steps = (trials(few, many) for few, many in zip(usual, thorough, strict=True))
    how = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=[*HealthCheck],
    )
    one = type(name, (machine,), members)
    await asyncio.to_thread(run_state_machine_as_test, one, settings=how)
    return tally
