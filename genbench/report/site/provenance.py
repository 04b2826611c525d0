"""A number's life: for each split a page with the cells behind its figures, what repeats them, and its table."""

from __future__ import annotations

import shlex
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from genbench.report.exports.texts import harmless
from genbench.report.forms import as_csv
from genbench.report.reading import store_at
from genbench.report.site.lives import Lives, lives
from genbench.report.site.pages import File, Made, Page
from genbench.report.site.places import slug, split_path, task_path, up
from genbench.report.site.seals import seals
from genbench.report.terminal.standings import standings_table
from genbench.report.wording import NONE, count, figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.site.lives import Life
    from genbench.report.site.subject import Subject

Who = tuple[str, str, str, str]  # task, split, submission, profile

MOST: Final = 400  # submissions on a page, under all parameters; about a kilobyte each


def life_path(task: str, split: str, part: int = 0) -> str:
    """The page of a split, of which all parameters lie together; of very many submissions there are more parts."""
    more = f".{part + 1}" if part else ""
    return f"provenance/{slug(task)}/{slug(split.partition(':')[0])}{more}.html"


def life_anchor(split: str, submission: str, profile: str) -> str:
    """Where the cells of a submission stand on that page."""
    label = split.partition(":")[2]
    return slug(" ".join(part for part in (submission, label, "" if profile == "full" else profile) if part))


def who_of(one: Standing) -> Who:
    """Whose cells a standing is of."""
    return one.task, one.split, one.submission, one.profile


def life_links(standings: Sequence[Standing]) -> dict[Who, str]:
    """Where the cells behind each standing stand, from the site's folder."""
    together: dict[tuple[str, str], set[tuple[str, str, str]]] = defaultdict(set)
    for one in standings:
        together[one.task, one.split.partition(":")[0]].add((one.split, one.submission, one.profile))
    return {
        (task, *who): f"{life_path(task, bare, number // MOST)}#{life_anchor(*who)}"
        for (task, bare), every in together.items()
        for number, who in enumerate(sorted(every))
    }


def provenance(about: Subject) -> Iterator[Page | File]:
    """The pages of all splits that have standings, and their tables as CSV."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if about.cells is None:
        return
    together: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in about.board.standings:
        together[one.task, one.split.partition(":")[0]].append(one)
    files = {f"{cell}": f"{place}/{path}" for place in about.results for cell, path in store_at(place).places().items()}
    cells, sealed = about.cells, seals(about.results)
    bare = pc.list_element(pc.split_pattern(pc.cast(cells["split"], pa.string()), ":", max_splits=1), 0)
    for (task, split), standings in together.items():
        own = cells.filter(pc.and_(pc.equal(cells["task"], task), pc.equal(bare, split)))
        found = lives(standings, own, about.board.headlines, files)
        path = life_path(task, split)
        table = f"{path.removesuffix('.html')}.csv"
        yield File(table, (standings,), lambda rows=standings: _csv(rows))  # type: ignore[misc]
        several = range(0, max(1, len(found.lives)), MOST)
        pages = [(f"part {number + 1}", life_path(task, split, number)) for number in range(len(several))]
        for number, start in enumerate(several):
            part = Lives(found.sets, found.bounded, found.lives[start : start + MOST], found.made, found.files)
            inputs = (about.title(task), _source(about, task), part, pages, sealed)
            name = f"{task}/{split}"

            def made(part: Lives = part, task: str = task, split: str = split, table: str = table) -> Made:
                return _page(about, task, split, part, table, pages, sealed)  # noqa: B023 - called before the next round

            yield Page(pages[number][1], f"Where the numbers of {name} come from", "provenance.html", inputs, made)


def _csv(standings: Sequence[Standing]) -> str:
    return as_csv([standings_table([harmless(one) for one in standings])])


def _source(about: Subject, task: str) -> tuple[tuple[str, str], ...]:
    """What the task's card says of where its data come from."""
    card = about.known.get(task)
    if card is None:
        return ()
    told = (("source", card.source), ("commit", card.commit), ("license", card.license), ("paper", card.paper))
    return tuple((name, " ".join(text.split())) for name, text in told if text)


def _page(
    about: Subject,
    task: str,
    split: str,
    part: Lives,
    table: str,
    pages: Sequence[tuple[str, str]],
    sealed: Sequence[str],
) -> Made:
    root = up(life_path(task, split))
    home = split_path(task, split) if (task, split) in about.splits else task_path(task)
    used = {run.made for life in part.lives for run in life.runs}
    settings = "*" if any(":" in life.split for life in part.lives) else ""
    held = {run.file for life in part.lives for run in life.runs}
    return Made(
        {
            "task": task,
            "split": (f"{task}/{split}", root + home),
            "source": _source(about, task),
            "sets": part.sets or ("",),
            "lives": [_told(life, part) for life in part.lives],
            "made": [(number, told) for number, told in enumerate(part.made, 1) if number in used],
            "files": [(number, path) for number, path in enumerate(part.files, 1) if number in held],
            "sealed": sealed,
            "table": root + table,
            "pages": [(label, root + path) for label, path in pages] if len(pages) > 1 else [],
            "verify": shlex.join(["genbench", "verify", *about.results[:1], "--task", f"{task}/{split}{settings}"]),
        }
    )


def _told(life: Life, part: Lives) -> Mapping[str, Any]:
    setting = life.split.partition(":")[2]
    notes = [f"{count(life.superseded, 'older run')} put aside"] if life.superseded else []
    notes += (
        [f"{count(life.carried, 'cell')} carried over from code that gave the same answers"] if life.carried else []
    )
    return {
        "anchor": life_anchor(life.split, life.submission, life.profile),
        "name": life.submission,
        "setting": setting,
        "quick": life.profile == "quick",
        "command": life.command,
        "codes": life.codes,
        "notes": "; ".join(notes),
        "runs": [
            (run, [NONE if value is None else figure(value, part.bounded) for value in run.values]) for run in life.runs
        ],
    }
