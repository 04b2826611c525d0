"""genbench: the benchmark suite and leaderboard for generalization.

This is the door for notebooks, and the one place that contributions import from. What stands behind a name is imported
when the name is used, so that `import genbench` and `genbench --help` cost next to nothing; where it lies inside the
package may change, its name here does not. Beside the names below, `genbench.errors`, `genbench.seeds`,
`genbench.kit` and `genbench.painting` are public modules.

    import genbench

    data = genbench.load("scan/length")
    rows = genbench.results("leaderboard/results")

A contribution:

    from genbench import Context, Data, seeds
    from genbench.errors import BadValue
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from genbench import _moved
from genbench.edition import VERSION

if TYPE_CHECKING:
    from genbench import cards as cards
    from genbench import errors as errors
    from genbench import seeds as seeds
    from genbench.analysis import frequency as frequency
    from genbench.analysis import replay as replay
    from genbench.analysis.difficulty import Trees as Trees
    from genbench.analysis.replay import Reported as Reported
    from genbench.api.evaluating import evaluate as evaluate
    from genbench.api.listing import submissions as submissions
    from genbench.api.listing import tasks as tasks
    from genbench.api.loading import load as load
    from genbench.api.reading import Results as Results
    from genbench.api.reading import results as results
    from genbench.api.scoring import Scores as Scores
    from genbench.api.scoring import score as score
    from genbench.cards import Value as Value
    from genbench.cards.entries import load_entry as load_entry
    from genbench.data import sources as sources
    from genbench.data import tables as tables
    from genbench.data.problem import Data as Data
    from genbench.data.sources import Claim as Claim
    from genbench.data.sources import Likeness as Likeness
    from genbench.data.sources import Recomputed as Recomputed
    from genbench.data.sources import Source as Source
    from genbench.evaluation.cell import Context as Context
    from genbench.evaluation.cell import Submission as Submission

__version__ = VERSION

# Public name -> the module that holds it; a name that is the module's own last part is the module itself.
_PUBLIC = {
    "Claim": "genbench.data.sources",
    "Context": "genbench.evaluation.cell",
    "Data": "genbench.data.problem",
    "Likeness": "genbench.data.sources",
    "Recomputed": "genbench.data.sources",
    "Reported": "genbench.analysis.replay",
    "Results": "genbench.api.reading",
    "Scores": "genbench.api.scoring",
    "Source": "genbench.data.sources",
    "Submission": "genbench.evaluation.cell",
    "Trees": "genbench.analysis.difficulty",
    "Value": "genbench.cards",
    "cards": "genbench.cards",
    "errors": "genbench.errors",
    "evaluate": "genbench.api.evaluating",
    "frequency": "genbench.analysis.frequency",
    "load": "genbench.api.loading",
    "load_entry": "genbench.cards.entries",
    "replay": "genbench.analysis.replay",
    "results": "genbench.api.reading",
    "score": "genbench.api.scoring",
    "seeds": "genbench.seeds",
    "sources": "genbench.data.sources",
    "submissions": "genbench.api.listing",
    "tables": "genbench.data.tables",
    "tasks": "genbench.api.listing",
}

__all__ = [*sorted(_PUBLIC), "__version__"]  # noqa: PLE0604 - all are names

_moved.install()


def __getattr__(name: str) -> Any:
    """The public name, its module imported now."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'genbench' has no attribute {name!r}")
    module = import_module(_PUBLIC[name])
    found = module if _PUBLIC[name].rpartition(".")[2] == name else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
