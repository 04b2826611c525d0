"""Where pages lie: paths that any disk and any address bar takes, whatever a submission or a split is called."""

from __future__ import annotations

import hashlib
import re
from typing import Final

LONGEST: Final = 60  # letters of a name that a path keeps


def slug(name: str) -> str:
    """A name as a part of a path; where it had to be changed, a digest keeps it apart from its like.

    >>> slug("length"), slug("addition:p=97")
    ('length', 'addition-p=97-2340045f')
    """
    kept = re.sub(r"[^A-Za-z0-9_=,@.-]+", "-", name)[:LONGEST].strip(".-")
    # Names that differ by case alone are one file on some disks; `index` is the page of a folder.
    if kept == name and name == name.lower() and name != "index":
        return name
    return f"{kept}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}".lstrip("-")


def task_path(task: str) -> str:
    """The page of a task."""
    return f"tasks/{slug(task)}/index.html"


def split_path(task: str, split: str) -> str:
    """The page of a split, or of a family of splits."""
    return f"tasks/{slug(task)}/{slug(split)}.html"


def submission_path(submission: str) -> str:
    """The page of a submission."""
    return f"submissions/{slug(submission)}.html"


def data_path(page: str, name: str = "data") -> str:
    """The script with data beside a page: `tasks/scan/length.html` has `data/tasks/scan/length.data.js`."""
    return f"data/{page.removesuffix('.html')}.{name}.js"


def picture_path(page: str, name: str) -> str:
    """A picture on a page: `tasks/scan/length.html` has `data/tasks/scan/length.example-0.png`."""
    return f"data/{page.removesuffix('.html')}.{name}.png"


def rest_path(page: str, number: int) -> str:
    """A page of rows for which a page has no room: `length.html` has `length~1.html`, as no slug is spelled."""
    return f"{page.removesuffix('.html')}~{number}.html"


def up(path: str) -> str:
    """From a page to the site's folder: nothing, `../`, `../../`."""
    return "../" * path.count("/")
