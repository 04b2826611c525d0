"""Marks are packed in the narrowest form that gives each of them back, and say whose questions they answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn

from genbench.errors import StoreFault
from genbench.rows import marks


@given(drawn.arrays(np.float64, st.integers(0, 40), elements=st.sampled_from([0.0, 1.0, 7.0, 0.7, 1e300, np.nan])))
def test_marks_of_any_form_come_back_as_they_were(values):
    form, packed = marks.packed(values)

    assert np.array_equal(marks.unpacked(form, packed, len(values)), values, equal_nan=True)


def test_the_form_is_the_narrowest_that_loses_nothing():
    given_marks = {"bits": [0, 1, 1], "float32": [0, 1, 20], "float64": [0, 1, 0.7]}

    found = {form: marks.packed(np.array(values, float)) for form, values in given_marks.items()}

    assert {form: (name, len(packed)) for form, (name, packed) in found.items()} == {
        "bits": ("bits", 1),
        "float32": ("float32", 12),
        "float64": ("float64", 24),
    }


@pytest.mark.parametrize(
    ("form", "packed", "said"),
    [
        ("bits", b"ab", "2 bytes of marks in the form 'bits'; 3 questions have 1"),
        ("float64", b"a", "1 bytes of marks in the form 'float64'; 3 questions have 24"),
        ("float16", b"", "marks in the form 'float16'; it must be bits, float32 or float64"),
    ],
)
def test_bytes_that_are_not_as_many_marks_are_refused(form, packed, said):
    with pytest.raises(StoreFault) as fault:
        marks.unpacked(form, packed, 3)

    assert str(fault.value) == said


def test_the_order_is_another_for_other_ids_and_for_other_data():
    ids = np.arange(4)

    assert marks.order_of("sha256:a", ids) == marks.order_of("sha256:a", ids.astype(np.int32))
    assert marks.order_of("sha256:a", ids) != marks.order_of("sha256:a", ids[1:])
    assert marks.order_of("sha256:a", ids) != marks.order_of("sha256:b", ids)
