"""The nouns that travel: a job to run, the outcome that comes back, and what a submission is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from genbench.cards.columns import answer_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from genbench.cards import Value
    from genbench.evaluation.stages import Stages

Profile = Literal["quick", "full"]
Status = Literal["ok", "error", "timeout", "out_of_memory", "crashed"]
Asked = Literal["copy", "itself", "nobody"]  # at yields of fit, and between stages
Start = Literal["prepared", "fresh"]  # of a cell's process: forked from a template, or an interpreter of its own
Sealing = Literal["none", "network", "process", "sandbox:bwrap", "sandbox:landlock"]

# Files of a job's folder, relative to it.
TRAIN = "train.arrow"
VALIDATION = "validation.arrow"
QUESTIONS = "questions.arrow"
AUXILIARY = "auxiliary-{name}.arrow"
ANSWERS = "answers.arrow"
CURVE = "curve-{step}.arrow"
JOB = "job.json"
REPORT = "report.json"

# In a cell's checkpoint folder: the curve so far, beside its answers.
STEPS = "steps.json"

COUNTS = ("examples_seen", "tokens_seen", "training_flops")  # of fit so far, where a submission keeps them
DIAGNOSTIC = "diagnostic."  # opens the names of what its `diagnostics` returns


@dataclass(frozen=True, slots=True)
class Context:
    """What a submission is told at birth: which question it faces, how it is set, and where it may write.

    `seed` is the cell's training seed, 0 .. 2**63 - 1, derived from the submission, the split and the user's count;
    `folder` is the cell's own scratch folder; `device` is `cpu`, `cuda` or `mps`. What `fit` leaves in `checkpoints` is
    there again when a cell that was interrupted is run again; a cell that ends, however it ends, leaves none. `answer`
    is `target`, `ranking` where labels may be ranked, `set` where order and repeats do not count, or `any_of` where the
    target lists several right answers and one is asked (see `predict`). `auxiliary` has the tables beside train by
    name, each a `datasets.Dataset` that is opened, memory-mapped, when it is asked for. `stages` is how many there are
    where the split is a stream, and else 0: `checkpoints` is then one folder for all of them.
    """

    task: str
    split: str
    inputs: Mapping[str, str]
    target: str
    target_type: str
    params: Mapping[str, Value]
    seed: int
    profile: Profile
    budget_seconds: float
    threads: int
    device: str
    folder: Path
    checkpoints: Path | None = None
    answer: str = "target"
    auxiliary: Mapping[str, Any] = field(default_factory=dict)
    stages: int = 0

    @property
    def answer_type(self) -> str:
        """The type of an answer: the target's, `set<int64>`, `any_of<string>`, `ranking` or `ranking<set>`."""
        return answer_type(self.answer, self.target_type)


class Submission(Protocol):
    """A learner. `Dataset` is `datasets.Dataset`, memory-mapped, with the columns that the card names.

    `fit` may be a generator that yields step numbers; at each yield a copy of it is asked to predict, which gives a
    learning curve: what `predict` changes there is lost, unless the card says `transductive`. `predict` gets the input
    columns only and returns one answer per question, in order, of the target's type.
    Optional attributes, read after fit: `parameters` (int) and `training_flops` (float); for `genbench timing`,
    `examples_seen` and `tokens_seen` (int), what fit processed, repeats counted: else each training row counts once.
    A fit that goes on from a checkpoint says so with `resumed_seconds` (float), what fit took before: it is added to
    the cell's seconds, and the points of the learning curve from before are kept. It is set before the first yield.
    `resumed_cpu_seconds` (float) are the seconds of CPU that it took before, added to the cell's.
    Where a split is a stream, `fit` is called once for each stage, in order, with the rows of that stage alone, and all
    questions are asked after each; a fit that yields is not asked in between. A submission that goes on from a
    checkpoint says with `resumed_stage` (int), when it is constructed, how many stages it has behind it.
    An optional method `diagnostics()` returns finite numbers by name, such as a norm of the weights. It is asked at
    each yield; the numbers land in `CURVES` as `diagnostic.NAME`, beside what the three counts above are by then.
    """

    def __init__(self, context: Context) -> None: ...

    def fit(self, train: Any, validation: Any | None) -> Iterator[int] | None:
        """Learn from `train`; questions do not exist yet."""

    def predict(self, questions: Any) -> Sequence[object]:
        """One answer per question, in order.

        Where the task asks for rankings, an answer may be a label, a list of (label, probability) with the likeliest
        first, or a row of probabilities of all labels; an empty list says that there is no answer. Where it asks for
        sets, an answer may be a set.
        """
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """A cell ready to run: a folder with the problem in it, and how to run the submission there.

    Nothing in it names the targets or the task's folder.
    """

    key: str
    label: str
    folder: Path
    contribution: Path
    entry: str
    context: Context
    memory_bytes: int
    module: str = "genbench.evaluation.worker"  # what the job's interpreter runs
    beyond_seconds: float = 0.0  # wall clock allowed beside the budget that the submission is told
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # variables that its card asks for
    network: bool = False
    python: Path | None = None  # the interpreter of an environment of its own; None: that of genbench
    transductive: bool = False  # it may keep what it learns of questions where it is asked them during fit
    stages: Stages | None = None  # where training comes one stage at a time
    auxiliary: tuple[str, ...] = ()  # names of the tables beside train
    files: tuple[Path, ...] = ()  # what its parameters name outside its folder
    libraries: tuple[str, ...] = ()  # by the names of their packages, as its card lists them


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a learning curve: the step, the seconds in fit so far, and the file that holds the answers.

    `measures` are what the submission said of itself then: its counts so far, and its diagnostics by name.
    """

    step: int
    fit_seconds: float
    answers: Path
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back from a job. `answers` is set when the status is ok; the seconds are wall clock."""

    key: str
    status: Status
    detail: str
    sealing: Sealing
    started: float
    cell_seconds: float
    answers: Path | None = None
    steps: tuple[Step, ...] = ()
    fit_seconds: float | None = None
    predict_seconds: float | None = None
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    parameters: int | None = None
    training_flops: float | None = None
    asked_during_fit: Asked | None = None
    start: Start | None = None
    device: str = "cpu"
    log: str = ""
    machine: str | None = None  # JSON, as rows have it, where it was another than this one


class Executor(Protocol):
    """Where jobs run. One whose jobs share its own process says `apart = False`."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield one outcome per job as each finishes; a submission's fault is an outcome, not an exception."""
        ...
