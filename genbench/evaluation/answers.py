"""What `predict` returned, in whichever form people's tools have it, as Arrow arrays of the answers' type."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from genbench.cards.columns import answer_column, element, vector_length
from genbench.cards.entries import first_line
from genbench.errors import SubmissionFault


def as_answers(given: Any, kind: str, wanted: int) -> Any:
    """What `predict` returned as an Arrow array of the answers' type, `kind`, and of length `wanted`.

    Lists, tuples, numpy arrays and torch tensors will do; a set answers where sets are asked, for it needs no order.
    Where one of several right answers is asked, an answer may be a list of them as training holds them: its first
    counts. Raises `SubmissionFault` for another number of answers, for None, NaN and values of another type, naming
    the first of them.
    """
    given = _in_order(given)
    if len(given) != wanted:
        raise SubmissionFault(f"predict returned {len(given)} answers for {wanted} questions")
    if kind.startswith("ranking"):
        return _as_rankings(given, kind)
    column = answer_column(kind)
    if kind.startswith("set<"):
        given = [sorted(one, key=repr) if isinstance(one, AbstractSet) else one for one in _plain(given)]
    elif kind.startswith("any_of<"):
        return _one_of(_plain(given), kind, wanted)
    if vector_length(element(column) or column) is not None:
        return _as_vectors(given, column)
    return _of_column(given, column, kind)


def _in_order(given: Any) -> Any:
    """The answers as something with a length and an order. Raises `SubmissionFault` for what has none."""
    import pyarrow as pa

    if hasattr(given, "detach"):  # a torch tensor, on whichever device; numpy has no bfloat16
        given = given.detach().cpu()
        given = given.tolist() if str(given.dtype) == "torch.bfloat16" else given.numpy()
    if isinstance(given, (list, tuple)) and given and hasattr(given[0], "detach"):
        given = [item.tolist() if hasattr(item, "detach") else item for item in given]
    if isinstance(given, (pa.Array, pa.ChunkedArray)):
        given = given.to_pylist() if isinstance(given, pa.ChunkedArray) else given
    elif (
        isinstance(given, (str, bytes, Mapping, AbstractSet))  # of the last two, neither has an order to rely on
        or not hasattr(given, "__len__")
        or getattr(given, "ndim", 1) == 0
        or hasattr(given, "columns")  # a data frame
    ):
        raise SubmissionFault(f"predict returned {type(given).__name__}; it must return one answer per question")
    return given


def _plain(given: Any) -> Any:
    """Arrow's arrays as Python values, anything else as it is."""
    import pyarrow as pa

    return given.to_pylist() if isinstance(given, pa.Array) else given


def _of_column(given: Any, column: str, kind: str) -> Any:
    """Answers of a column's type; `kind` is what a message calls it."""
    import numpy as np
    import pyarrow as pa

    from genbench.data import tables

    arrow = tables.ARROW[column]
    try:
        if isinstance(given, np.ndarray) and given.ndim > 1:
            given = given.tolist()
        array = pa.array(given)
        array = array if array.type == arrow else _cast(given, array, column)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError, ValueError, OverflowError):
        raise SubmissionFault(_first_misfit(given, column, kind)) from None
    if _lacks(array):
        raise SubmissionFault(_first_misfit(given, column, kind))
    return array


def _lacks(array: Any) -> bool:
    """Whether a value is null or NaN, at whichever depth of a list."""
    import pyarrow as pa
    import pyarrow.compute as pc

    while pa.types.is_list(array.type) and not array.null_count:
        array = array.flatten()
    if array.null_count:
        return True
    return bool(pa.types.is_floating(array.type) and pc.any(pc.is_nan(array)).as_py())


def _one_of(given: Any, kind: str, wanted: int) -> Any:
    """One right answer each, or lists of them, of which the first counts."""
    column = answer_column(kind)
    try:
        return _of_column(given, column, kind)
    except SubmissionFault:
        try:
            lists = _of_column(given, f"list<{column}>", kind)
        except (SubmissionFault, KeyError):
            lists = None
        if lists is None or wanted == 0 or any(not len(one) for one in lists):
            raise
    import pyarrow.compute as pc

    return pc.list_element(lists, 0)


def _as_vectors(given: Any, column: str) -> Any:
    """Vectors from rows of numbers, or lists of them from matrices; numbers of double precision are rounded."""
    import numpy as np
    import pyarrow as pa

    from genbench.data import tables

    arrow, length = tables.ARROW[column], vector_length(element(column) or column) or 0
    rows, many = _plain(given), bool(element(column))

    def numbers(value: Any, shape: tuple[int, ...]) -> Any:
        """`value` as finite float32 of `shape`, in which -1 is any number of rows; None where it is none."""
        try:
            found = np.asarray(value)
        except ValueError:  # ragged
            return None
        if (found.shape[:1] == (0,) and -1 in shape) or len(rows) == 0:
            found = found.astype(np.float32).reshape(0, *shape[1:])
        plain = np.issubdtype(found.dtype, np.floating) or np.issubdtype(found.dtype, np.integer)
        fits = found.ndim == len(shape) and all(want in {-1, has} for want, has in zip(shape, found.shape, strict=True))
        if not plain or not fits:
            return None
        with np.errstate(over="ignore"):
            single = np.ascontiguousarray(found, np.float32)
        return single if np.isfinite(single).all() else None

    parts = [numbers(rows, (-1, length))] if not many else [numbers(one, (-1, length)) for one in rows]
    if any(one is None for one in parts):
        shape = (-1, length) if many else (length,)
        at = next(place for place, one in enumerate(rows) if numbers(one, shape) is None)
        raise SubmissionFault(f"answer {at} is {_shown(rows[at])}; the target is of type {column}, of finite numbers")
    flat = np.concatenate([np.empty((0, length), np.float32), *parts])
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(flat.ravel()), length)
    if not many:
        return vectors.cast(arrow)
    ends = np.cumsum([0, *(len(one) for one in parts)])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), vectors).cast(arrow)


def _as_rankings(given: Any, kind: str) -> Any:
    """Rankings from labels, from a row of probabilities for each question, or from lists of (label, probability)."""
    import numpy as np
    import pyarrow as pa

    from genbench.data import rankings

    most = rankings.most_of(kind)
    try:
        if isinstance(given, pa.Array):
            given = given if given.type == rankings.TYPE else given.to_pylist()
        if isinstance(given, (list, tuple)) and given and np.ndim(given[0]) and hasattr(given[0], "dtype"):
            given = np.asarray(given)  # one row of scores for each question
        if isinstance(given, np.ndarray) and given.ndim == 2 and np.issubdtype(given.dtype, np.floating):
            return rankings.of_probabilities(given, most)
        if isinstance(given, pa.Array):
            return rankings.kept(given, most)
        if len(given) and all(not hasattr(one, "__iter__") for one in given):
            return rankings.of_labels(as_answers(given, "int64", len(given)))
        return rankings.kept(rankings.from_values(list(given)), most)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as fault:
        raise SubmissionFault(
            f"the answers are no rankings: {first_line(fault)}; an answer is a label, a list of (label, probability) "
            "with the likeliest first, or a row of probabilities"
        ) from None


def _cast(given: Any, array: Any, kind: str) -> Any:
    """`array` as the target's type where that loses nothing: int32 to int64 will do, 1.0 to 1 will not."""
    import pyarrow as pa

    from genbench.data import tables
    from genbench.data.answer_types import will_do

    wanted = tables.ARROW[kind]
    if not will_do(array.type, wanted):
        raise TypeError(kind)
    try:
        return array.cast(wanted)
    except pa.ArrowNotImplementedError:  # of a layout that Arrow cannot turn into the other
        return pa.array(given.to_pylist() if isinstance(given, pa.Array) else given, type=wanted)


def _first_misfit(given: Any, column: str, kind: str) -> str:
    import pyarrow as pa

    from genbench.data import tables

    plain: dict[str, Any] = {"string": str, "int64": int, "float64": (int, float), "bool": bool}
    for position, value in enumerate(given):
        item = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
        fits = item is not None and item == item  # noqa: PLR0124 - NaN is what differs from itself
        if column in plain:
            fits = fits and isinstance(item, plain[column]) and (column == "bool" or not isinstance(item, bool))
        if fits:
            try:
                fits = not _lacks(pa.array([item], type=tables.ARROW[column]))
            except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError, OverflowError):
                fits = False
        if not fits:
            return f"answer {position} is {_shown(item)}; the target is of type {kind}"
    return f"the answers are not of the target's type {kind}"


def _shown(value: Any) -> str:
    return f"{repr(value)[:80]} ({type(value).__name__})"
