"""Which types of values are answers of a type: one list, of what `predict` may return and of what `score` reads.

Width and layout are a writer's free choice; what would mean another value is refused: a fraction is no integer, a truth
no number, a number no text, and a text no list of its letters.
"""

from __future__ import annotations

import pyarrow as pa


def will_do(given: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether values of the Arrow type `given` are answers of the type `wanted` but for width and layout."""
    if pa.types.is_dictionary(given):
        return will_do(given.value_type, wanted)
    if _is_list(wanted):
        # Of lists that are all empty nobody can tell what they would hold.
        return _is_list(given) and (pa.types.is_null(given.value_type) or will_do(given.value_type, wanted.value_type))
    if pa.types.is_string(wanted):
        return bool(pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given))
    if pa.types.is_floating(wanted):
        return bool(pa.types.is_floating(given) or pa.types.is_integer(given))
    return bool(given == wanted or (pa.types.is_integer(given) and pa.types.is_integer(wanted)))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))
