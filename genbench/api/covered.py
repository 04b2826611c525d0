"""What a class or function of a notebook rests on, as text, so that a kept cell is one of the very same code.

Source text counts, of it and of what it reaches by name in its own module: helpers, bases, plain values. What comes
from an installed package counts by the package's version. Where something else is reached, such as an array, an open
model or a module of the user's own, nobody can say whether it is what it was: then `whole` is False.
"""

from __future__ import annotations

import builtins
import dis
import functools
import inspect
import sys
import sysconfig
import textwrap
from dataclasses import dataclass
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST: Final = 10_000  # characters of a plain value that are read
_PLAIN: Final = (str, bytes, int, float, complex, bool, type(None))
_TOLD: Final = frozenset(  # of a class: what its source text says, or nobody wrote
    {
        *("__module__", "__qualname__", "__doc__", "__dict__", "__weakref__", "__firstlineno__", "__annotations__"),
        *("__static_attributes__", "__annotate__", "__annotate_func__", "__annotations_cache__", "__abstractmethods__"),
        *("_abc_impl", "__parameters__", "__orig_bases__"),
    }
)


@dataclass(frozen=True, slots=True)
class Covered:
    """The text of what was reached, the top-level modules of installed packages, and whether that is all of it."""

    text: str
    modules: tuple[str, ...]
    whole: bool


def covered(thing: type | FunctionType) -> Covered:
    """What `thing` rests on, as far as it can be read."""
    reach = _Reach(thing.__module__)
    reach.visit(thing.__name__, thing)
    return Covered("\n".join(reach.parts), tuple(sorted(reach.modules)), reach.whole)


class _Reach:
    """One walk from a class or function along the names that its code looks up."""

    def __init__(self, home: str) -> None:
        self.home, self.whole = home, True
        self.parts: list[str] = []
        self.modules: set[str] = set()
        self.seen: set[int] = set()

    def visit(self, name: str, value: Any) -> None:
        """Cover a value that is reached under a name."""
        if isinstance(value, (ModuleType, type, FunctionType, BuiltinFunctionType)):
            module = value.__name__ if isinstance(value, ModuleType) else value.__module__ or "builtins"
            if isinstance(value, (type, FunctionType)) and module == self.home:
                self._own(name, value)
            else:
                self._elsewhere(module)
        elif _is_plain(value) and len(text := _spelled(value)) <= MOST:
            self.parts.append(f"{name} = {text}")
        else:
            self.whole = False

    def _own(self, name: str, value: type | FunctionType) -> None:
        if id(value) in self.seen:
            return
        self.seen.add(id(value))
        if isinstance(value, type):
            self._class(name, value)
        else:
            self._function(value)

    def _elsewhere(self, module: str) -> None:
        """What another module offers: covered where it is Python's or an installed package's."""
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names or top in {"builtins", "genbench"}:
            return
        if _is_installed(top):
            self.modules.add(top)
        else:
            self.whole = False

    def _class(self, name: str, one: type) -> None:
        for base in one.__bases__:
            self.visit(base.__name__, base)
        text = _source(one)
        self.parts.append(text or f"class {name}: ...")
        for member, value in vars(one).items():
            if member not in _TOLD:
                self._member(member, value, told=bool(text))

    def _member(self, name: str, value: Any, *, told: bool) -> None:
        """A member of a class; where the source text of the class is `told`, only what its code reaches is left."""
        functions = list(_functions(value))
        for function in functions:
            self._function(function, told=told)
        if not functions and not told and not isinstance(value, (MemberDescriptorType, GetSetDescriptorType)):
            self.visit(name, value)

    def _function(self, function: FunctionType, *, told: bool = False) -> None:
        code = function.__code__
        if not told:
            text = _source(code)
            self.parts.append(text)
            self.whole = self.whole and bool(text)
        if function.__closure__:
            for name, cell in zip(code.co_freevars, function.__closure__, strict=True):
                try:
                    self.visit(name, cell.cell_contents)
                except ValueError:  # not bound yet
                    self.whole = False
        for place, value in enumerate(function.__defaults__ or ()):
            self.visit(f"default_{place}", value)
        for name, value in (function.__kwdefaults__ or {}).items():
            self.visit(name, value)
        for name in dict.fromkeys(_globals(code)):
            if name in function.__globals__:
                self._global(name, function.__globals__[name])
            elif not hasattr(builtins, name):
                self.whole = False  # defined later, by who knows what

    def _global(self, name: str, value: Any) -> None:
        if id(value) not in self.seen:
            self.visit(name, value)


def _functions(value: Any) -> Iterator[FunctionType]:
    """The functions that a member of a class is made of."""
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    if isinstance(value, functools.cached_property):
        value = value.func
    parts = (value.fget, value.fset, value.fdel) if isinstance(value, property) else (value,)
    yield from (part for part in parts if isinstance(part, FunctionType))


def _globals(code: CodeType) -> Iterator[str]:
    """The global names that code looks up, and those of the functions and comprehensions inside it."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in {"LOAD_GLOBAL", "LOAD_NAME"}:
            yield str(instruction.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _globals(inner)


def _source(of: type | CodeType) -> str:
    """The source text, without the indentation it stands in; nothing where there is none to be had."""
    try:
        return textwrap.dedent(inspect.getsource(of))
    except (OSError, TypeError, IndentationError, SyntaxError):
        return ""


def _is_plain(value: Any) -> bool:
    """Whether a value's text says all of it."""
    inner: Iterable[Any] = ()
    if type(value) in {list, tuple, set, frozenset}:
        inner = value
    elif type(value) is dict:
        inner = [*value.keys(), *value.values()]
    elif type(value) not in _PLAIN:
        return False
    return all(_is_plain(one) for one in inner)


def _spelled(value: Any) -> str:
    """A plain value as text; sets in an order of their own, for theirs changes."""
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(_spelled, value))) + "}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_spelled(key)}: {_spelled(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(_spelled, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)"
    return repr(value)


def _is_installed(top: str) -> bool:
    """Whether a top-level module lies where packages are installed, so that its version says what it is."""
    module = sys.modules.get(top)
    places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
    roots = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    return any(Path(place).is_relative_to(root) for place in places if place for root in roots)
