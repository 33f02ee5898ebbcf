"""Every move has a name in Chinese, by which faults and tasks tell of it."""

import pytest

from scoring.rules.appeals import states as appeals
from scoring.rules.complaints import states as complaints
from scoring.rules.items import states as items


@pytest.mark.parametrize(
    ("told", "moves"),
    [
        (items.MOVES_ZH, items.ITEM_MOVES),
        (complaints.MOVES_ZH, complaints.COMPLAINT_MOVES),
        (appeals.MOVES_ZH, appeals.OBJECTION_MOVES),
    ],
)
def test_every_move_has_a_name_in_chinese(told, moves):
    """Planted bug: a move without one, of which a fault could not be told."""
    assert {*moves} <= {*told}
    assert not [each for each in told.values() if each.isascii()]
