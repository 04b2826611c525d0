"""Import `module:object` from a contribution's folder: without a trace, or, in a process of its own, for good."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import traceback
from pathlib import Path
from typing import Any, Final

from genbench.errors import EntryFault

_PREFIX: Final = "genbench_contribution_"
_READ: Final = "__genbench_read__"  # on a module: the files that importing it read, with their times and sizes
# Folders whose modules are being imported, the outermost first; one that was imported `alone` stays.
_IMPORTING: Final[list[Path]] = []


def load_entry(folder: Path, entry: str, *, alone: bool = False) -> Any:
    """The object that `entry` (`module:object`) names in `folder`.

    The module is imported under a name made from its full path, so two contributions may both call their module
    `task`, and once, until one of the files read changes: who edits a task in a notebook asks for what it is now. While
    it is imported its folder comes first on `sys.path`, so it may import its neighbours at its top (not later, inside a
    function). Neighbours are forgotten afterwards, so another contribution's `grammar` is its own.

    `alone` says that no other contribution will ever be imported in this process. Then the folder stays first on the
    path, as a script's does, and the module has its own name where no other has it: late imports, pickles and the
    children of multiprocessing find it and its neighbours.

    Raises `EntryFault` with one line to show and the contribution's own traceback in `log`.
    """
    module_name, _, attribute = entry.partition(":")
    path = folder.joinpath(*module_name.split(".")).with_suffix(".py")
    try:
        exists = path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        exists = False
    if not exists:
        raise EntryFault(f"{folder}: entry {entry!r} names {path.name}, which is not there")
    unique = f"{_PREFIX}{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]}_{path.stem}"
    module = sys.modules.get(unique)
    if module is None or _changed(module):
        sys.path.insert(0, str(folder))
        name = module_name if alone and _finds(module_name, path) else unique
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise EntryFault(f"{folder}: entry {entry!r}: {path.name} cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        read = {str(path): _told(str(path))}
        hidden = _hide(folder)
        _IMPORTING.append(folder)
        try:
            spec.loader.exec_module(module)
        except KeyboardInterrupt:
            sys.modules.pop(name, None)
            raise
        except BaseException as fault:  # a contribution may raise anything at import, SystemExit included
            sys.modules.pop(name, None)
            raise EntryFault(
                f"{folder}: entry {entry!r} does not import: {type(fault).__name__}: {first_line(fault)}",
                traceback.format_exc(),
            ) from fault
        else:
            sys.modules[unique] = module
        finally:
            if not alone:
                _IMPORTING.remove(folder)
                with contextlib.suppress(ValueError):  # a contribution may have changed the path itself
                    sys.path.remove(str(folder))
                read |= {path: _told(path) for path in _forget_neighbours(folder)}
            sys.modules.update(hidden)
        setattr(module, _READ, read)
    found = getattr(module, attribute, None)
    if not callable(found):
        names = sorted(name for name in vars(module) if not name.startswith("_"))
        raise EntryFault(
            f"{folder}: entry {entry!r}: {path.name} has no callable {attribute!r}; it has {', '.join(names)}"
        )
    return found


def _changed(module: Any) -> bool:
    """Whether a file that importing the module read is another one now."""
    return any(_told(path) != told for path, told in vars(module).get(_READ, {}).items())


def _told(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _finds(name: str, path: Path) -> bool:
    """Whether `import name` would import `path`, and nothing else bears the name already: `random` is Python's."""
    if name in sys.modules:
        return False
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):  # a dotted name whose first part is a module of somebody else's
        return False
    return spec is not None and spec.origin is not None and os.path.realpath(spec.origin) == os.path.realpath(path)


def _hide(folder: Path) -> dict[str, Any]:
    """Take away what contributions that are being imported have imported of their own, and give it to be put back."""
    others = [f"{other}/" for other in _IMPORTING if other != folder]
    hidden = {
        name: module
        for name, module in sys.modules.items()
        if not name.startswith(_PREFIX) and str(getattr(module, "__file__", None) or "").startswith(tuple(others))
    }
    for name in hidden:
        del sys.modules[name]
    return hidden


def _forget_neighbours(folder: Path) -> list[str]:
    """Forget the folder's modules but for those that hold an entry (a folder may have several); gives their files."""
    forgotten = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not name.startswith(_PREFIX) and file and str(file).startswith(f"{folder}/"):
            del sys.modules[name]
            forgotten.append(str(file))
    return forgotten


def first_line(fault: BaseException) -> str:
    """The first line of what an exception says, cut to 300 characters, with those behind it where it announces them."""
    try:
        text = str(fault)
    except Exception:  # noqa: BLE001 - an exception's own __str__ may fail, and its type is still worth telling
        text = ""
    lines = text.strip().splitlines() or ["(no message)"]
    return (" ".join(line.strip() for line in lines) if lines[0].endswith(":") else lines[0])[:300]
