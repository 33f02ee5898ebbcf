"""`If-Match` as RFC 9110 (13.1.1) has it: strong tags, a list of them, or a star."""

import pytest
from pydantic import BaseModel

from chassis.conditions import ConditionNotUnderstood, PreconditionFailed, condition_of
from chassis.kept import etag_of


class Leaf(BaseModel):
    text: str


LEAF = Leaf(text="a")
OWN = etag_of(LEAF.model_dump_json().encode())


async def read():
    return LEAF


@pytest.mark.parametrize("given", [None, "*", " * ", OWN, f'"x", {OWN}', f'W/"x" ,{OWN}'])
async def test_a_document_that_is_named_is_changed(given):
    """Planted bug: the first of several tags alone."""
    condition = condition_of(given)
    await condition.require(read)
    assert condition.is_asked


@pytest.mark.parametrize("given", ['"x"', f"W/{OWN}", '""', f'"{OWN[1:-2]}"'])
async def test_a_document_that_is_another_is_not(given):
    """Planted bugs: a weak tag that matches; a part of a tag that does."""
    with pytest.raises(PreconditionFailed) as refused:
        await condition_of(given).require(read, version=3)
    assert refused.value.facts == {"etag": OWN, "version": 3}
    assert refused.value.headers == {"ETag": OWN}


@pytest.mark.parametrize(
    "given", ["", OWN[1:-1], '"x', '*, "x"', f"{OWN} {OWN}", f"{OWN},", "w/" + OWN, '"a b"']
)
def test_what_is_no_list_of_tags_is_refused_by_name(given):
    with pytest.raises(ConditionNotUnderstood):
        condition_of(given)
