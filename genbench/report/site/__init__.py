"""The leaderboard as a static site: a page for each question that a reader has, and its data beside it.

`write` writes it. A kind of page is a module here, with one function from a `Subject` to pages; `KINDS` lists them, in
the order of the navigation. Templates, styles and scripts are those of the page folder (`leaderboard/page`). The site
asks for nothing from elsewhere, and works from a disk as it does from a server.
"""

from __future__ import annotations

from genbench.report.site.kinds import KINDS
from genbench.report.site.pages import File, Kind, Made, Page
from genbench.report.site.subject import SplitRows, Subject, subject
from genbench.report.site.writing import write

__all__ = ["KINDS", "File", "Kind", "Made", "Page", "SplitRows", "Subject", "subject", "write"]
