"""The kinds of pages there are, in the order of the navigation; one without a label is reached by links alone."""

from __future__ import annotations

from typing import Final

from genbench.report.site.analyses import HOME, analyses
from genbench.report.site.comparisons import comparisons
from genbench.report.site.cost_pages import cost_pages
from genbench.report.site.overview import overview
from genbench.report.site.pages import Kind
from genbench.report.site.provenance import provenance
from genbench.report.site.splits import splits
from genbench.report.site.submissions import submissions
from genbench.report.site.tasks import tasks

KINDS: Final = (
    Kind("Overview", "index.html", overview),
    Kind("Tasks", "tasks/index.html", tasks),
    Kind("Analyses", HOME, analyses),
    Kind("Submissions", "submissions/index.html", submissions),
    Kind("Compare", "compare/index.html", comparisons),
    Kind("Cost", "costs/index.html", cost_pages),
    Kind("", "", splits),
    Kind("", "", provenance),
)
