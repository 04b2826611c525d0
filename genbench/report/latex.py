r"""Tables for a paper: LaTeX with booktabs, a `tabular` for each section.

What a section is of stands in its first line. Rows that stand out are bold, so all of which a first rank can not be
excluded; one that more seeds would rank has a dagger, and what is to be known of a row stands below, by letters.
Nothing in a cell is markup, whatever it holds. Letters beyond Latin need LuaLaTeX or XeLaTeX, and a font that has them.
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final

from genbench import strangers
from genbench.report.forms import sections_of, to_left

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genbench.report.tables import Column, Row, Table

HEAD: Final = r"% \usepackage{booktabs}"
DAGGER: Final = r"\dag"
PROVISIONAL: Final = "provisional: shown, and never first"
_SPELLED: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\symbol{34}",
        "`": r"\textasciigrave{}",
        "[": "{[}",  # after a line's end it would open an argument, and a star would be one
        "]": "{]}",
        "*": "{*}",
        "\N{EN DASH}": "--",
        "\N{MIDDLE DOT}": r"\textperiodcentered{}",
        "\N{HORIZONTAL ELLIPSIS}": r"\ldots{}",
        **{one: f"\\{one}" for one in "&%$#_{}"},
    }
)


def as_latex(tables: Sequence[Table]) -> str:
    """The tables as LaTeX, one `tabular` below another."""
    parts = [part for table in tables for part in _tabulars(table)]
    return "\n".join([HEAD, *parts]) + "\n" if parts else ""


def escaped(text: str) -> str:
    r"""Text that LaTeX sets as it is, in one line.

    >>> escaped("50% of x_1 -- [~]")
    '50\\% of x\\_1 -{}- {[}\\textasciitilde{}{]}'
    """
    flat = strangers.plain(" ".join(text.split()))
    apart = re.sub(r"([-',])(?=\1)", r"\1\0", flat)  # two of a kind would be set as one
    return apart.translate(_SPELLED).replace("\0", "{}")


def _tabulars(table: Table) -> Iterator[str]:
    for heading, rows, columns in sections_of(table):
        title = " ".join(part for part in (table.title, heading) if part)
        yield "\n".join(_tabular(table, title, rows, columns))


def _tabular(table: Table, title: str, rows: Sequence[Row], columns: Sequence[Column]) -> Iterator[str]:
    """The lines of one; a column without words above it holds remarks, which stand below."""
    told = [one for one in columns if one.head != ""]
    remarks = [one for one in columns if one.head == ""]
    named = next((place for place, one in enumerate(told) if to_left(one)), 0)
    letters: dict[str, str] = {}
    unsure = False
    yield f"\\begin{{tabular}}{{{''.join('l' if to_left(one) else 'r' for one in told)}}}"
    yield r"\toprule"
    if title:
        yield f"\\multicolumn{{{len(told)}}}{{l}}{{{escaped(title)}}} \\\\"
        yield r"\midrule"
    yield " & ".join(escaped(one.head or "") for one in told) + r" \\"
    yield r"\midrule"
    for row in rows:
        cells = [escaped(one.spelled(row)) for one in told]
        if table.strong(row):
            cells = [f"\\textbf{{{cell}}}" if cell else "" for cell in cells]
        marks = [DAGGER] if table.unsure(row) else []
        unsure = unsure or bool(marks)
        texts = [text for one in remarks if (text := one.spelled(row)).strip()]
        marks += [letters.setdefault(text, _letter(len(letters))) for text in texts]
        if marks:
            cells[named] += f"\\textsuperscript{{{','.join(marks)}}}"
        yield " & ".join(cells) + r" \\"
    yield r"\bottomrule"
    yield r"\end{tabular}"
    below = [(DAGGER, PROVISIONAL)] if unsure else []
    below += [(letter, text) for text, letter in letters.items()]
    below += [("", line) for line in (*table.remarks(rows), *table.notes)]
    if below:  # outside, for a long line within would widen the table
        yield from ("", r"{\footnotesize")
        for mark, text in below:
            raised = f"\\textsuperscript{{{mark}}} " if mark else ""
            yield f"\\noindent {raised}{escaped(text)}\\par"
        yield "}"
    yield ""


def _letter(number: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    first, last = divmod(number, len(ascii_lowercase))
    return (_letter(first - 1) if first else "") + ascii_lowercase[last]
