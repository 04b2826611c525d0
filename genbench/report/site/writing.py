"""The site on disk: what its inputs left as it was is not made again, and what is the same is not written again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from genbench import strangers
from genbench.edition import VERSION
from genbench.errors import StoreFault
from genbench.report.site import bundle
from genbench.report.site.pages import Page
from genbench.report.site.places import slug, up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.report.site.pages import Content, File, Kind
    from genbench.report.site.subject import Subject

KEPT: Final = ".made.json"  # of each page the digest of its inputs, and the files that came of it
MOST: Final = 1 << 26  # bytes of that file
CHARTS: Final = "assets/charts-library.js"


def write(about: Subject, out: Path, template_folder: Path, kinds: Sequence[Kind]) -> Path:
    """Write the site into the folder `out` and return its first page. Raises `StoreFault` where it cannot.

    Files of a site written there before that no page needs any more are taken away, and no other file.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _write(about, out, template_folder, kinds)
    except OSError as fault:
        raise StoreFault(f"cannot write the page {out / 'index.html'}: {fault.strerror or fault}") from fault


def _write(about: Subject, out: Path, template_folder: Path, kinds: Sequence[Kind]) -> Path:
    listed = [(kind, list(kind.pages(about))) for kind in kinds]
    there = {one.path for _, pages in listed for one in pages}
    links = [(kind.label, kind.home) for kind in kinds if kind.label and kind.home in there]
    ground = _digest(VERSION, bundle.version(), links, about.address, *_sources(template_folder))
    shared = {"links": links, "address": about.address, "pictured": [slug(task) for task in about.tasks]}
    before = _read(out / KEPT)
    kept: dict[str, dict[str, Any]] = {}
    environment = _environment(template_folder)
    every = [(kind, one) for kind, pages in listed for one in pages]
    for kind, one in sorted(every, key=lambda each: getattr(each[1], "near", "")):
        digest = _digest(ground, repr(one.inputs))
        known = before.get(one.path, {})
        files = known.get("files", [])
        if known.get("inputs") != digest or not files or not all((out / name).is_file() for name in files):
            made = _made(one, environment, {**shared, "home": kind.home})
            for name, content in made.items():
                _put(out / name, content)
            files = list(made)
        kept[one.path] = {"inputs": digest, "files": files}
    kept["assets"] = {"inputs": ground, "files": _assets(out, template_folder)}
    _take_away(out, before, kept)
    _put(out / KEPT, json.dumps(kept, indent=0))
    return out / "index.html"


def _made(one: Page | File, environment: Any, shared: Mapping[str, Any]) -> Mapping[str, Content]:
    if not isinstance(one, Page):
        return {one.path: one.make()}
    made = one.make()

    def drawn(template: str, path: str, values: Mapping[str, object]) -> str:
        text = environment.get_template(template).render(title=one.title, path=path, root=up(path), **shared, **values)
        return strangers.plain(text)

    rest = {each.path: drawn("rest.html", each.path, {"rest": each}) for each in made.rest}
    return {one.path: drawn(one.template, one.path, made.values), **made.beside, **rest}


def _environment(template_folder: Path) -> Any:
    """Templates that escape whatever a stranger called things, and refuse a name that nobody gave them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(template_folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # looking whether a template changed took a tenth of a large site's time
    )


def _sources(template_folder: Path) -> Iterable[bytes]:
    """What pages are made with: the templates, and the code of the report."""
    yield from (path.read_bytes() for path in sorted(template_folder.rglob("*")) if path.is_file())
    yield from (path.read_bytes() for path in sorted(Path(__file__).parents[1].rglob("*.py")))


def _digest(*parts: object) -> str:
    found = hashlib.sha256()
    for one in parts:
        found.update(one if isinstance(one, bytes) else repr(one).encode("utf-8", "surrogatepass"))
        found.update(b"\0")
    return found.hexdigest()


def _assets(out: Path, template_folder: Path) -> list[str]:
    files = {f"assets/{path.name}": path.read_bytes() for path in sorted((template_folder / "assets").iterdir())}
    for name, content in files.items():
        _put(out / name, content)
    library = out / CHARTS
    first = f"/* vl-convert-python {bundle.version()} */\n"
    try:
        with library.open(encoding="utf-8") as file:
            same = file.readline() == first
    except (OSError, UnicodeDecodeError):
        same = False
    if not same:
        _put(library, first + bundle.script())
    return [*files, CHARTS]


def _put(path: Path, content: Content) -> None:
    """Write a file whole or not at all, and only where it is to be another one."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return
    except OSError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)


def _read(path: Path) -> dict[str, Any]:
    """What was made before; nothing where the file is not there or is no such file."""
    try:
        found = json.loads(strangers.content(path, MOST))
    except (OSError, ValueError, RecursionError):
        return {}
    good = isinstance(found, dict) and all(
        isinstance(one, dict)
        and isinstance(files := one.get("files"), list)
        and all(isinstance(name, str) and _inside(name) for name in files)
        for one in found.values()
    )
    return found if good else {}


def _inside(name: str) -> bool:
    """Whether a path stays below the site's folder."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not PurePosixPath(name).is_absolute() and ".." not in parts and "\0" not in name


def _take_away(out: Path, before: Mapping[str, Mapping[str, Any]], kept: Mapping[str, Mapping[str, Any]]) -> None:
    now = {name for one in kept.values() for name in one["files"]}
    for name in sorted({name for one in before.values() for name in one["files"]} - now):
        (out / name).unlink(missing_ok=True)
