"""A card shown: a task, a split with examples, or a submission."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from genbench import registry
from genbench.report.tables import Column, table_of
from genbench.report.terminal.examples import as_shown, brief, plain
from genbench.report.wording import BIMODAL, LEARNS_OF_QUESTIONS, TRANSDUCTIVE, clustered, within_strata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.cards import SubmissionCard, TaskCard
    from genbench.data.problem import Data
    from genbench.registry import Catalogue, ChosenSplit
    from genbench.report.output import Output


def show(name: str, examples: int, output: Output) -> None:
    """Show a split, a task or a submission by name."""
    found = registry.catalogue()
    typed = registry.typed_address(name)
    folder = registry.folder_of(typed.name)
    if folder is not None:
        from genbench import cards

        at = folder if (folder / cards.FILE).is_file() else folder.parent
        is_submission = isinstance(cards.read(at.resolve()), cards.SubmissionCard)
    else:
        is_submission = "/" not in typed.name and typed.name not in found.tasks
    if is_submission:
        everything = [*found.submissions, *found.tasks, *_split_names(found)]
        if folder is None and typed.name not in found.submissions:
            from genbench.errors import UnknownName, nearest

            hint = registry.folder_hint(typed.name) or nearest(typed.name, everything)
            raise UnknownName(f"there is no task, split or submission {typed.name!r}{hint}")
        (chosen,) = registry.choose_submissions([name], found)[:1]
        _show(_submission_lines(chosen.card), output)
        return
    splits = registry.choose_splits([name], found)
    if len(splits) > 1:
        _show(_task_lines(splits[0].task, splits), output)
        return
    _show(_split_lines(splits[0], examples), output)


def _split_names(found: Catalogue) -> list[str]:
    return [f"{card.name}/{split}" for card in found.tasks.values() for split in card.splits]


CARD: Final = (
    Column("key", "text", "what is told: about, source, questions, ...; a key may come several times", "key"),
    Column("value", "text", "as a person reads it", "value"),
)


def _show(lines: Iterator[tuple[str, str]], output: Output) -> None:
    """Print name and text in two columns, the text of a terminal wrapped where it is prose; or a table of both."""
    import textwrap

    from genbench.report.output import terminal_width

    if not output.for_people:
        rows = [(name or "example", plain(text).strip()) for name, text in lines if text]
        output.show(table_of("card", CARD, rows))
        return
    width = terminal_width()
    for name, text in lines:
        if not text and name:
            continue
        flat = " ".join(text.split())
        if "\n" in text and name in {"bibtex", ""}:
            body = text.splitlines()
        else:
            body = [flat] if width is None else textwrap.wrap(flat, max(40, width - 14))
        for position, line in enumerate(body or [""]):
            print(f"{name if position == 0 else '':<12}  {line}".rstrip())


def _task_lines(card: TaskCard, splits: Sequence[ChosenSplit]) -> Iterator[tuple[str, str]]:
    yield card.name, card.title
    yield "about", card.about
    yield from _source_lines(card)
    for chosen in splits:
        yield "split", f"{card.name}/{chosen.label}: {chosen.split.about}"
    yield "bibtex", card.bibtex


def _source_lines(card: TaskCard | SubmissionCard) -> Iterator[tuple[str, str]]:
    commit = getattr(card, "commit", "")
    yield "source", card.source + (f" at {commit}" if commit else "")
    yield "paper", card.paper
    yield "license", card.license
    yield "folder", str(card.folder)


def _levels(chosen: ChosenSplit, question_set: str) -> str:
    """What the card says of the headline without learning, and at best."""
    told = [f"chance {chosen.split.chance_of(question_set, chosen.params):.4g}"]
    for name, found in (
        ("floor", chosen.split.levels("floor", chosen.given)),
        ("best attainable", chosen.split.levels("bayes", chosen.given)),
    ):
        value = found.get(question_set)
        told += [] if value is None else [f"{name} {value:.4g}"]
    return ", ".join(told)


def _split_lines(chosen: ChosenSplit, examples: int) -> Iterator[tuple[str, str]]:
    import numpy as np
    import pyarrow as pa

    from genbench.cards import entries
    from genbench.data import tables
    from genbench.evaluation import build
    from genbench.scoring import metrics

    task, split = chosen.task, chosen.split
    data = build.load(chosen)
    yield "", f"{task.name}/{chosen.label}"
    yield "about", split.about
    yield "task", f"{task.title}. {task.about}"
    yield "inputs", ", ".join(f"{name} ({kind})" for name, kind in task.inputs.items())
    yield "target", f"{task.target} ({task.target_type})"
    yield "metrics", f"{', '.join(task.metrics)} (the first is the headline; {task.direction} is better)"
    yield "answer", _ANSWERS.get(task.answer, "")
    if task.tolerance:
        yield "tolerance", f"abs {task.tolerance.abs:g}, rel {task.tolerance.rel:g}"
    yield "train", f"{data.train.num_rows:,} rows"
    yield "validation", "" if data.validation is None else f"{data.validation.num_rows:,} rows"
    yield "stream", f"stage by stage along {split.stream}; all questions are asked after each" if split.stream else ""
    yield "given", ", ".join(f"{name} ({kind})" for name, kind in task.given.items())
    for name, beside in split.auxiliary.items():
        columns = ", ".join(f"{column} ({kind})" for column, kind in beside.columns.items())
        about = f": {beside.about}" if beside.about else ""
        yield "auxiliary", f"{name}, {data.auxiliary[name].num_rows:,} rows of {columns}{about}"
    yield "transductive", TRANSDUCTIVE if split.transductive else ""
    for name, question in split.questions.items():
        kind = "training asked again" if question.kind == "trained" else question.kind
        about = f": {question.about}" if question.about else ""
        yield (
            "questions",
            f"{name}, {data.questions[name].num_rows:,} rows, {kind}, {_levels(chosen, name)}{about}",
        )
    if not metrics.of_questions(task.headline, task):
        yield from _floor_lines(chosen, data)
    yield "axes", ", ".join(split.axes) or "none"
    cluster = task.cluster_of(split)
    yield "cluster", clustered(cluster) if cluster else ""
    strata = task.strata_of(split)
    yield "strata", within_strata(strata) if strata else ""
    yield "bimodal", BIMODAL if task.bimodal_of(split) else ""
    yield "parameters", ", ".join(f"{key}={value}" for key, value in chosen.params.items())
    yield "fingerprint", tables.fingerprint(data.subsets())
    yield from _source_lines(task)
    describe = entries.load_entry(task.folder, task.describe) if task.describe else None
    # As many of train as of all question sets together, each of which has one at least.
    each = -(-examples // len(split.questions))
    wanted = [("train", data.train, examples), *((name, data.questions[name], each) for name in split.questions)]
    for heading, table, most in wanted:
        # Spread over the table: neighbours look alike where rows are in the order of a grammar.
        count = min(most, table.num_rows)
        spread = np.arange(count) * table.num_rows // max(1, count)
        for row in table.take(pa.array(spread)).to_pylist():
            shown = "\n".join(f"{key:<10} {brief(value)}" for key, value in row.items())
            said = f"\n{as_shown(describe(row, chosen.params))}" if describe else ""
            yield "", f"\n[{heading}]\n{shown}{said}"
    yield "bibtex", task.bibtex


_ANSWERS = {
    "ranking": "a ranking of labels, best first, with probabilities",
    "set": "a set: order and repeats do not count",
    "any_of": "any one of those that the target lists",
}


def _floor_lines(chosen: ChosenSplit, data: Data) -> Iterator[tuple[str, str]]:
    """What is scored without looking at a question: a metric without an upper end is measured from there."""
    from genbench.authoring.floors import floors
    from genbench.scoring.constants import NAMES

    answer = NAMES.get(chosen.task.headline, "the commonest")
    for floor in floors(chosen, data):
        told = [] if floor.constant is None else [f"{answer} of training scores {floor.constant:.4g}"]
        told += [] if floor.shuffled is None else [f"right answers in random order {floor.shuffled:.4g}"]
        yield "floor", f"{floor.question_set}: {', '.join(told)}"


def _seconds(budget: Mapping[str, float]) -> str:
    return ", ".join(f"{profile} {seconds:g} s" for profile, seconds in budget.items())


def _submission_lines(card: SubmissionCard) -> Iterator[tuple[str, str]]:
    yield card.name, card.title
    yield "about", card.about
    yield "tasks", ", ".join(card.tasks)
    yield (
        "accepts",
        "; ".join(
            f"{name} {', '.join(kinds)}"
            for name, kinds in (("inputs", card.accepts_inputs), ("target", card.accepts_target))
            if kinds
        ),
    )
    yield "parameters", ", ".join(f"{key}={value}" for key, value in card.params.items())
    yield "requires", ", ".join(card.requires)
    yield "environment", ", ".join(card.environment)
    yield "network", "needed; its rows are never ranked" if card.network else ""
    yield "files", ", ".join(card.files)
    for override in card.overrides:
        text = ", ".join(f"{key}={value}" for key, value in override.params.items())
        yield "override", f"profile {override.profile}, task {override.task}: {text}"
    for variant in card.variants.values():
        own = f"; {_seconds(variant.budget_seconds)}" if variant.budget_seconds else ""
        yield "variant", f"{card.name}@{variant.name}: {variant.about} {json.dumps(dict(variant.params))}{own}"
    budget = _seconds(card.budget_seconds)
    yield "limits", f"{budget}; {card.memory_gib:g} GiB; {card.threads} threads; needs {card.needs}"
    yield "transductive", LEARNS_OF_QUESTIONS if card.transductive else ""
    yield "authors", card.authors
    yield from _source_lines(card)
    yield "bibtex", card.bibtex
