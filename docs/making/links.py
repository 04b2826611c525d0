"""Every link of the built site, followed: to a file, to a heading in it, and never to another host for a resource."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

# Tags whose address a browser loads by itself; an <a> is loaded only when a reader asks.
LOADED: Final = {"img", "script", "link", "iframe", "source", "video", "audio", "object", "embed"}
NAMED_ONLY: Final = {"canonical", "prev", "next", "alternate", "edit"}  # of <link>: a browser loads none of these


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[str, str]] = []  # tag, address

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {name for name in (given.get("id"), given.get("name")) if name}
        address = given.get("href") or given.get("src") or given.get("data")
        if address and not (tag == "link" and given.get("rel") in NAMED_ONLY):
            self.links.append((tag, address))


def pages(site: Path) -> list[Path]:
    """The pages of a site."""
    return sorted(site.rglob("*.html"))


def faults(site: Path) -> list[str]:
    """One line for each link that leads nowhere, and for each resource that lies on another host."""
    read = {}
    for path in pages(site):
        read[path] = _Page()
        read[path].feed(path.read_text(encoding="utf-8"))
    found = []
    for path, page in read.items():
        here = path.relative_to(site).as_posix()
        for tag, address in page.links:
            fault = _fault(site, here, tag, address, read)
            if fault:
                found.append(f"{here}: {address!r} {fault}")
    return found


def _fault(site: Path, here: str, tag: str, address: str, read: dict[Path, _Page]) -> str:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        elsewhere = parts.scheme in {"http", "https"} or parts.netloc
        return "is loaded from another host" if elsewhere and tag in LOADED else ""
    if here == "404.html":  # its links are those of the root, wherever it is shown
        address = address.lstrip("/")
    target, anchor = urldefrag(urljoin(f"/{here}", address))
    path = site / unquote(target).lstrip("/")
    path = path / "index.html" if path.is_dir() else path
    if not path.is_file():
        return "leads to no file"
    if anchor and path in read and unquote(anchor) not in read[path].anchors | {"", "__top"}:
        return "leads to no heading"
    return ""
