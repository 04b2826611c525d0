import numpy as np
import pytest

from genbench.errors import BadValue
from genbench.painting import letters


def test_no_two_letters_look_alike():
    assert len({cell.tobytes() for cell in letters.cells()}) == len(letters.LETTERS) == 36


def test_letters_stand_side_by_side_in_their_order():
    shown = letters.tiled(letters.cells("ab01").reshape(1, 2, 2, 8, 8))

    assert shown.shape == (1, 16, 16)
    assert (shown[0, 8:, :8] == letters.cells("0")[0]).all()
    assert (shown[0, :8, 8:] == letters.cells("b")[0]).all()


def test_no_ink_touches_the_next_letter():
    cells = letters.cells()

    assert not cells[:, :, [0, 6, 7]].any()
    assert not cells[:, 7].any()
    assert np.all(cells.any((1, 2)))


def test_a_sign_that_is_not_drawn_is_refused():
    with pytest.raises(BadValue, match="^letter 'é' is not drawn; those that are: abc"):
        letters.cells("café")
