"""Responses written out for COPY and for digests, what is the same in many rows once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from chassis.db import copied
from survey.queries.responses import RESPONSE
from survey.rules.batch import LONGEST_TOKEN, stored_columns
from survey.rules.definition import SurveyDefinition

COLUMNS = [*RESPONSE]
OPINION = ("opinion_id", "unit", "respondent_token", "interviewer", "respondent_group", "text")
"""The columns of an opinion that came with a response, without those that all of a batch share."""
# A token as `copied` writes it begins with one of these.
_LENGTHS = [copied("x" * length)[:4] for length in range(LONGEST_TOKEN + 1)]


def copied_lines(definition: SurveyDefinition, sent: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return sound responses, by column, as `copy_lines` takes them.

    In the order of their key, so that two batches with common respondents wait for one another
    instead of deadlocking.
    """
    columns = stored_columns(definition, sent)
    tokens = columns["respondent_token"]
    parts = (
        *_written(columns, RESPONSE[:1]),
        map(_LENGTHS.__getitem__, map(len, tokens)),
        tokens,
        *_written(columns, RESPONSE[2:]),
    )
    return sorted(map("".join, zip(*parts, strict=True)))


def opinions_in(sent: Mapping[str, Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return the opinions of sound responses, as `OPINION` has their columns: in the order of ids
    that are drawn at random, so that none tells which response it came with."""
    names = ("unit", "respondent_token", "interviewer", "group", "opinion")
    said = zip(*(sent[name] for name in names), strict=True)
    return sorted((uuid4(), *each) for each in said if each[-1] is not None)


def _written(columns: Mapping[str, Sequence[Any]], names: Sequence[str]) -> Iterator[Iterator[str]]:
    """Yield columns of each row as they are copied, some of them put together."""
    for those in together(columns, names):
        yield once([columns[name] for name in those], lambda each: "".join(map(copied, each)))


def together(columns: Mapping[str, Sequence[Any]], names: Sequence[str]) -> list[list[str]]:
    """Return the names in their order, those together in which rows differ in few ways."""
    found, ways = list[list[str]](), _MOST_WAYS
    for name in names:
        differ = len(set(columns[name]))
        ways *= differ
        if ways > _MOST_WAYS or not found:
            found.append([])
            ways = differ
        found[-1].append(name)
    return found


_MOST_WAYS = 1_000


def once(
    columns: Sequence[Sequence[Any]], write: Callable[[tuple[Any, ...]], str]
) -> Iterator[str]:
    """Yield what is written of each row; what is the same in many rows is written once."""
    values = list(zip(*columns, strict=True))
    written = {each: write(each) for each in set(values)}
    return map(written.__getitem__, values)
