"""Numbers that a card tells as expressions of parameters: `1/p`. Read by a small evaluator of our own, never run."""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import BadValue, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from genbench.cards.values import Value

LONGEST: Final = 200  # characters of an expression
_OPERATORS: Final[dict[type, Callable[[float, float], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,  # of floats: it says that a number is too large, and never computes a huge integer
}
_FUNCTIONS: Final[dict[str, Callable[..., float]]] = {"min": min, "max": max, "log": math.log, "sqrt": math.sqrt}
_ONE: Final = frozenset({"log", "sqrt"})  # functions of one number; the others take two or more


def number(text: str, params: Mapping[str, Value]) -> float:
    """The value of an expression of `params`: numbers, names of parameters, + - * / ** ( ) min max log sqrt.

    Raises `BadValue`, which says what is wrong with it.

    >>> number("max(1/p, 0.05)", {"p": 10})
    0.1
    """
    if len(text) > LONGEST:
        raise BadValue(f"an expression has at most {LONGEST} characters, not {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        value = float(_value(tree, params))
    except BadValue:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError, ArithmeticError) as fault:
        why = "it is no expression" if isinstance(fault, SyntaxError) else f"it has no value: {fault}"
        raise BadValue(f"{why}; it may be a number or an expression of parameters, as 1/p") from None
    if not math.isfinite(value):
        raise BadValue(f"it is {value}; it must be finite")
    return value


def _value(tree: ast.AST, params: Mapping[str, Value]) -> float:
    if isinstance(tree, ast.Constant) and isinstance(tree.value, (int, float)) and not isinstance(tree.value, bool):
        return float(tree.value)
    if isinstance(tree, ast.Name):
        found = params.get(tree.id)
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return float(found)
        known = [name for name, value in params.items() if type(value) in (int, float)]
        what = "is no number" if tree.id in params else "is no parameter of the task"
        raise BadValue(f"{tree.id!r} {what}{nearest(tree.id, known)}")
    if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATORS:
        return float(_OPERATORS[type(tree.op)](_value(tree.left, params), _value(tree.right, params)))
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return -_value(tree.operand, params)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in _FUNCTIONS:
        name, values = tree.func.id, [_value(one, params) for one in tree.args]
        if not tree.keywords and (len(values) == 1 if name in _ONE else len(values) > 1):
            return float(_FUNCTIONS[name](*values))
    raise BadValue(
        f"{ast.unparse(tree)!r} may not stand in an expression; it may have numbers, parameters, "
        "+ - * / ** ( ) min max log sqrt"
    )
