"""What each key of a card means. The reader takes no key that is not named here, and the documentation prints this.

`NAME` stands for a name that the card chooses: a split's, a question set's, an axis's, a slice's, a variant's.
"""

from __future__ import annotations

from typing import Final

from genbench.cards.columns import COLUMN_TYPES

_ENTRY: Final = "`module:object` in the folder: "
_COMMON: Final = {
    "kind": "what the card describes",
    "name": "what it is called on the command line: up to 100 lower case letters, digits, `_` and `-`, a letter first",
    "title": "one line for lists",
    "entry": "`module:object` in the folder: the contribution itself",
    "about": "a paragraph: what it is, and what is odd about it",
    "license": "licence of the code in the folder, and where they differ of the data",
    "source": "where it comes from: address of the data or of the original code",
    "paper": "the paper that it reproduces or that introduced it",
    "bibtex": "that paper's entry, which `genbench show` prints",
    "libraries": "distributions whose versions decide its outcome: they are part of a cell's key",
    "params": "its parameters by name and their values; an address overrides them (`mlp:hidden=128`)",
    "neutral": (
        "values at which parameters do nothing: there they count in no cell's name, so that a parameter which joins "
        "the card makes no row older"
    ),
}
_TASK: Final = {
    "entry": f"{_ENTRY}called as `load(split, params, seed)`; gives `genbench.Data`",
    "commit": "the commit of `source` that the splits follow",
    "data_seed": "seed of what the task draws; training seeds are apart from it",
    "inputs": f"input columns and their types: {', '.join(f'`{kind}`' for kind in COLUMN_TYPES)}",
    "target": "the target column and its type: one",
    "axes": "columns along which questions are sliced, and their types; they travel with the targets",
    "given": (
        "columns of training only, and their types: environments, groups, explanations; train and validation have "
        "them, questions never"
    ),
    "chance_along": "chance of the slices of an axis, where it differs from that of the whole",
    "chance_along.NAME": "the same for one axis: slice by slice",
    "chance_along.NAME.NAME": "chance of one slice",
    "metrics": "metrics by name; the first is the headline, which ranks",
    "metric": "those of the metrics that the task brings itself, each with its own table",
    "metric.NAME": "one such metric",
    "metric.NAME.entry": f"{_ENTRY}called with answers, targets and questions; gives one float64 a question",
    "metric.NAME.reduce": f"{_ENTRY}called with marks and which are meant; gives one number of a question set",
    "metric.NAME.about": "one line: what it measures",
    "metric.NAME.low": "the least mark, maybe `-inf`",
    "metric.NAME.high": "the largest mark, maybe `inf`",
    "metric.NAME.perfect": "what a right answer scores; the better end where nothing is said",
    "metric.NAME.direction": "whether more of it is better",
    "direction": "whether more of the headline is better; a metric of the task's own says so itself",
    "tolerance": "how near a number must be to be right: |answer - target| <= abs + rel * |target|; `within` asks it",
    "tolerance.abs": "absolute part",
    "tolerance.rel": "part relative to the target",
    "idle": "where a parameter does nothing, so that giving it is a mistake unless it is part of a sweep",
    "idle.NAME": "of one parameter: values of other parameters, or globs under `splits`, any of which make it so",
    "idle.NAME.NAME": "a value of the other parameter, or an array of them",
    "cluster": "the axis whose values are the units that were drawn, so that questions of one value go together",
    "strata": "the axis whose values are all there are, as of published categories; questions were drawn in each",
    "bimodal": "whether seeds part into those that succeed and those that fail, so that a mean of them misleads",
    "answer": (
        "what an answer is: a value like the target; a ranking of labels with probabilities; the set of a list's "
        "elements, whose order and repeats do not count; or any one of the right answers that the target lists"
    ),
    "prefix": "the parameter that is the number of training rows: train of n rows then begins that of 2n",
    "default": "whether `genbench evaluate` takes its quick splits where none is named; it does unless this is false",
    "embedded": "whether splits need no official file, but for those that say otherwise",
    "verify": f"{_ENTRY}compares a split with official files (`genbench data verify`)",
    "verify_reference": f"{_ENTRY}recomputes published figures (`genbench data verify --reference`)",
    "reported": f"{_ENTRY}reads what was published of models, by class (`genbench replay`)",
    "verify_samples": f"{_ENTRY}checks a file of samples by the task's rules (`genbench data verify --samples`)",
    "import_samples": f"{_ENTRY}reads a file of samples into rows (`genbench data import`)",
    "export_samples": f"{_ENTRY}makes a sample of a row (`genbench data export --format samples`)",
    "describe": f"{_ENTRY}tells in words what an example says (`genbench show`)",
    "draw": f"{_ENTRY}draws an example as a Pillow image (`genbench show --class`, `--example`)",
    "parses": f"{_ENTRY}says whether an answer parses; the metric `well_formed` asks it",
    "compounds": f"{_ENTRY}parses inputs as `genbench.Trees`, for the difficulty of a split",
    "embedding": (
        f"{_ENTRY}called with a table of inputs and the parameters; gives a matrix of a row each, between which there "
        "are distances, for the difficulty of a split"
    ),
    "fragments": "of which sub-datasets training is made, for the difficulty of a split",
    "fragments.environment": "the column of `given` that tells the sub-dataset of a row",
    "fragments.nuisance": "the inputs, vectors, that tell it too and do not matter to the answer",
    "splits": "ways to divide the task, each with its own table",
    "splits.NAME": "one split",
    "splits.NAME.about": "one line: what is held out",
    "splits.NAME.chance": (
        "headline of right answers in random order, a number or an expression of parameters (`1/p`: + - * / ** ( ) min "
        "max log sqrt), which changed parameters keep; a question set may have its own"
    ),
    "splits.NAME.floor": "headline of the best that looks at no question, likewise",
    "splits.NAME.bayes": "the best headline that anybody can attain, likewise",
    "splits.NAME.cluster": "the task's `cluster`, for this split; empty where questions were drawn one by one",
    "splits.NAME.strata": "the task's `strata`, for this split; empty where there are none",
    "splits.NAME.bimodal": "the task's `bimodal`, for this split",
    "splits.NAME.quick": "whether `genbench evaluate` takes it by default",
    "splits.NAME.embedded": "whether it needs no official file",
    "splits.NAME.axes": "those of the task's axes that it has",
    "splits.NAME.params": "those of the task's parameters that it sets otherwise",
    "splits.NAME.train": "rows to train on; 0 asks only submissions that say `zero_shot`",
    "splits.NAME.validation": "rows to validate on",
    "splits.NAME.fingerprint": (
        "sha256 of the data, which `genbench check` says where it differs; `unseen` where whoever wrote the card "
        "never held them"
    ),
    "splits.NAME.auxiliary": "tables beside train, each with its own table: `context.auxiliary` holds them by name",
    "splits.NAME.auxiliary.NAME": "one such table: unlabelled rows, a pretraining set, text, the edges of a graph",
    "splits.NAME.auxiliary.NAME.columns": "its columns and their types; none is the target",
    "splits.NAME.auxiliary.NAME.rows": "how many rows it has",
    "splits.NAME.auxiliary.NAME.about": "one line: what it is for",
    "splits.NAME.stream": (
        "an axis of whole numbers that training carries too, from 0 on: fit is called once for each stage in order, "
        "and all questions are asked after each"
    ),
    "splits.NAME.transductive": "whether questions may stand, without their targets, in an auxiliary table",
    "splits.NAME.questions": "question sets, each with its own table",
    "splits.NAME.questions.NAME": "one question set",
    "splits.NAME.questions.NAME.kind": "as trained, out of distribution, or training rows asked again on purpose",
    "splits.NAME.questions.NAME.rows": "how many it asks",
    "splits.NAME.questions.NAME.about": "one line, where the name does not say it",
    "splits.NAME.questions.NAME.chance": "its own chance, where it is not the split's",
    "splits.NAME.questions.NAME.floor": "its own floor, likewise",
    "splits.NAME.questions.NAME.bayes": "its own best attainable, likewise",
}
_SUBMISSION: Final = {
    "entry": f"{_ENTRY}called with a `genbench.Context`; gives an object with `fit` and `predict`",
    "authors": "who wrote it",
    "default": "whether `genbench evaluate` takes it where none is named",
    "tasks": "globs of the splits it is for, as `modular/*`",
    "accepts": "types of columns that it takes; all where nothing is said",
    "accepts.inputs": "types of input columns; `vector` for those of any length",
    "accepts.target": "types of targets",
    "needs": "the device without which it is left out",
    "threads": "threads it may use",
    "memory_gib": "memory it may use, all its processes together, in GiB",
    "budget": "wall clock a cell may take, a ceiling and not a training budget, by profile",
    "budget.quick": "seconds in the quick profile",
    "budget.full": "seconds in the full profile",
    "requires": (
        "packages that it needs beside genbench's own, as `scikit-learn>=1.5`: its cells run in an environment of "
        "their own"
    ),
    "environment": "environment variables that its cells are given; rows keep their names and never their values",
    "network": "whether its cells need the network; such rows, and those of `environment`, are shown and never ranked",
    "files": "parameters that name files, folders or a model on the hub: what these hold is part of a cell's key",
    "transductive": "whether it looks at the questions, where it is asked them during fit, and learns of them",
    "deterministic": (
        "whether all seeds give the same answers, so that one is enough for a rank; `check` runs two, and where rows "
        "of seeds differ it counts as not said"
    ),
    "zero_shot": "whether it answers splits with nothing to train on",
    "variants": "named settings of its parameters, each with a row of its own: `mlp@decay5`",
    "variants.NAME": "one variant",
    "variants.NAME.about": "one line",
    "variants.NAME.params": "the parameters that it sets",
    "variants.NAME.budget": "its own budget, where it is not the submission's",
    "variants.NAME.budget.quick": "seconds in the quick profile",
    "variants.NAME.budget.full": "seconds in the full profile",
    "overrides": "an array of tables: parameters for some profiles and tasks, the later on top",
    "overrides.profile": "glob of profiles",
    "overrides.task": "glob of tasks",
    "overrides.params": "the parameters that it sets",
}
_GRID: Final = {
    "tasks": "addresses of splits, in which a value may be a list: `corruption=0.1|0.3`",
    "submissions": "addresses of submissions likewise",
    "profile": "the profile of its cells",
    "seeds": "seeds of each cell, counted from 0",
}

# By the kind of card; `card` holds the one key that tells which.
_OF_A_GRID: Final = ("kind", "name", "title", "about", "paper")
_BY_KIND: Final = {
    "card": {"kind": _COMMON["kind"]},
    "task": {**_COMMON, **_TASK},
    "submission": {**_COMMON, **_SUBMISSION},
    "grid": {**{key: _COMMON[key] for key in _OF_A_GRID}, **_GRID},
}
KEYS: Final = {
    f"{kind}.{key}": about
    for kind, keys in _BY_KIND.items()
    for key, about in keys.items()
    if key != "kind" or kind in {"card", "grid"}
}


def declared(form: str, key: str) -> str:
    """The name in `KEYS` of the key `key` of a table whose own name there is `form`.

    >>> declared("task.splits.NAME", "train")
    'task.splits.NAME.train'
    """
    for name in (f"{form}.{key}", f"{form}.NAME"):
        if name in KEYS:
            return name
    raise KeyError(f"{form}.{key} is read, and not declared in genbench/cards/keys.py")
