"""Results told: means along an axis, the cells that there are, and files among them that are none."""

import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench.cli import main
from genbench.report.terminal import watching
from genbench.rows import files


def test_means_are_told_as_one_table_by_question_set_or_by_an_axis(genbench, results):
    code, whole, said = genbench("leaderboard", results, "--by", "question_set")
    _, along, _ = genbench("leaderboard", results, "--by", "parity", "--task", "echo/*", "--format", "markdown")

    assert (code, said) == (0, "")
    assert whole.splitlines()[0] == "echo/small, exact_match, quick profile"
    assert re.search(r"^submission +seeds +failed +test$", whole, re.MULTILINE)
    assert re.search(r"^idle +1 +1\.000 \(0\.\d+ . 1\.000\)$", whole, re.MULTILINE)
    assert [line for line in along.splitlines() if line] == [
        "#### echo/small, test, exact_match, quick profile",
        "| submission | seeds | even | odd |",
        "| --- | --: | --: | --: |",
        "| chance level |  | 0.000 | 0.000 |",  # measured of each slice, for the card has none of it
        "| idle | 1 | 1.000 (0.929 \N{EN DASH} 1.000) | 1.000 (0.929 \N{EN DASH} 1.000) |",
    ]


def test_two_submissions_are_compared_and_a_script_learns_which_is_worse(genbench, results, toys, tmp_path):
    genbench("evaluate", "majority", "--task", f"{toys}/echo", "--executor", "here", "--out", results)

    better, shown, _ = genbench("compare", "idle", "majority", results, "--fail-if-worse")
    worse, _, _ = genbench("compare", "majority", "idle", results, "--fail-if-worse")
    same, _, said = genbench("compare", "idle", "idle", results)
    other, _, unknown = genbench("compare", "idle", "mjority", results)

    assert (better, worse, same, other) == (0, 1, 2, 2)
    assert re.search(r"echo/small \(quick\) +test +1\.000 +0\.\d+ .* better", shown)
    assert "these are the same rows; name two submissions, or another folder by --against" in said
    assert "there are no rows of the submission 'mjority'; did you mean 'majority'?" in unknown

    genbench("leaderboard", results, "--out", "site")

    page = (tmp_path / "site" / "compare" / "echo" / "small.html").read_text()
    told = " ".join(re.sub(r"<[^>]*>", " ", page.replace("<wbr>", "")).split())
    difference = re.search(r"test +1\.000 +(\S+) +(\S+) ", shown).groups()
    assert "idle and majority asked idle majority difference" in told
    assert re.search(rf"test, \d+ questions 1\.000 {' '.join(map(re.escape, difference))} ", told)
    assert "parity even 1.000" in told
    (asked,) = re.findall(
        r"<tbody>\n(?:<tr><th scope=\"row\">\d+<span> · parity .*</tr>\n)+</tbody></table></div></details>", page
    )
    assert asked.count("<tr>") == 10
    assert asked.count('class="wrong"') == 10
    assert '<a href="../../submissions/idle.html">idle</a>' in page


def test_a_table_of_means_that_cannot_be_made_is_refused(genbench, results):
    faults = {
        "--by parities": "error: no split of these has the axis 'parities'; did you mean 'parity'?",
        "--by parity --task ecko/small": "error: there are no rows of ecko/small; did you mean",
        "--task ecko/small": "error: there are no rows of ecko/small; did you mean 'echo/small'?",
        "--submission idel": "error: there are no rows of idel; did you mean 'idle'?",
        "--profile full": "error: there are no rows of these submissions on these splits in the full profile",
    }

    told = {options: genbench("leaderboard", results, *options.split()) for options in faults}

    assert [(code, shown) for code, shown, _ in told.values()] == [(2, "")] * len(faults)
    assert [options for options, fault in faults.items() if fault not in told[options][2]] == []


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--by", "parity", "--long"], "Error: --long and --by print different tables"),
        (["--by", "parity", "--watch"], "Error: --watch writes the page again, and --by writes none"),
        (["--url", "example.org"], "Error: --url is 'example.org'; it must begin with https:// or http://"),
        (["--watch", "memory://rows", "--out", "site"], "error: results at 'memory://rows' are not on this disk"),
        (["--quiet", "--verbose"], "Error: --quiet says less and --verbose says more"),
    ],
)
def test_options_that_do_not_go_together_are_refused(genbench, options, fault):
    code, shown, said = genbench("leaderboard", *options)

    assert (code, shown) == (2, "")
    assert fault in said


def test_a_watched_leaderboard_is_written_again_when_rows_come_until_it_is_interrupted(
    genbench, results, toys, tmp_path, monkeypatch
):
    page, looks = tmp_path / "site" / "leaderboard.csv", []

    def meanwhile(_seconds):
        looks.append(page.read_text())
        if len(looks) == 2:
            main(["evaluate", "majority", "--task", f"{toys}/echo", "--executor", "here", "--out", results, "-q"])
        elif looks.count(looks[-1]) < len(looks) or len(looks) > 9:
            raise KeyboardInterrupt

    monkeypatch.setattr(watching, "sleep", meanwhile)
    code, shown, said = genbench(
        "leaderboard", results, "--out", "site", "--watch", "--url", "https://example.org/board"
    )

    assert code == 0
    assert "watching genbench-results; Ctrl-C ends" in shown
    assert re.search(r"^\d\d:\d\d:\d\d written again: echo/small \(1 new cell\)$", shown, re.MULTILINE)
    assert "majority" not in looks[1]
    assert "majority" in looks[-1]
    assert "no longer watching" in said
    feed = (tmp_path / "site" / "feed.xml").read_text()
    assert '<link rel="self" type="application/atom+xml" href="https://example.org/board/feed.xml" />' in feed


def test_bibtex_is_printed_of_what_is_named(genbench):
    code, shown, said = genbench("cite", "scan/length", "lstm@*", "chance", "modular/addition:p=7")
    wrong, nothing, fault = genbench("cite", "scan/lenght")

    assert (code, wrong, nothing) == (0, 2, "")
    assert re.findall(r"^@\w+\{(\w+),", shown, re.MULTILINE) == [
        "genbench",
        "lake2018generalization",
        "loula2018rearranging",
        "keysers2020measuring",
        "zhou2023data",
        "doshi2024grok",
    ]
    assert said == "chance: its card names no paper\n"
    assert "called 'scan/lenght'; did you mean 'scan/length'?" in fault


def test_foreign_and_truncated_files_among_results_are_named_and_skipped(genbench, results, tmp_path):
    (whole,) = (tmp_path / results / "scores").rglob("*.parquet")
    cut, foreign = whole.with_name("cut.parquet"), whole.with_name("foreign.parquet")
    cut.write_bytes(whole.read_bytes()[:500])
    pq.write_table(pa.table({"a": [1]}), foreign)
    whole.with_name("notes.txt").write_text("my notes")

    code, shown, said = genbench("leaderboard", results)

    skipped = {line.split(":")[1].strip().rpartition("/")[2]: line for line in said.splitlines()}
    assert code == 0
    assert re.search(r"idle +1\.000", shown)
    assert set(skipped) == {"cut.parquet", "foreign.parquet", "notes.txt"}
    assert skipped["foreign.parquet"].endswith("foreign.parquet: not a scores file of genbench")


def test_marks_of_other_questions_are_named_once_and_compared_with_none(genbench, results, toys, tmp_path):
    genbench("evaluate", "majority", "--task", f"{toys}/echo", "--executor", "here", "--out", results)
    (path,) = (tmp_path / results / "marks").rglob("submission=idle/*.parquet")
    table = pq.read_table(path)
    place = table.column_names.index("order")
    other = table.set_column(place, table.schema.field(place), pa.array(["f" * 24] * len(table)))
    with path.open("wb") as sink:
        files.write(other, sink)

    board, shown, said = genbench("leaderboard", results)
    code, _, told = genbench("compare", "idle", "majority", results)

    line = (
        f"skipped: cell {path.stem} of echo/small is compared with no other on test: its marks are of other questions"
    )
    assert board == 0
    assert re.search(r"idle +1\.000", shown)
    assert [one.startswith(line) for one in said.splitlines()] == [True]
    assert (code, told.count(line)) == (2, 1)


def test_results_can_be_listed(genbench, results):
    code, shown, _ = genbench("list", "results", "--out", results)

    lines = shown.splitlines()
    assert code == 0
    assert lines[0].split() == ["cell", "status", "split", "submission", "profile", "seed", "seconds", "detail"]
    assert re.fullmatch(r"[0-9a-f]{10}  error   echo/small  .*ValueError: no such luck.*", lines[1])
    assert re.match(r"[0-9a-f]{10}  ok      echo/small  idle ", lines[2])
    assert lines[-1] == f"2 cells in {results}"
