"""Tables for a paper: columns, marks and notes as booktabs has them."""

import re

import pytest

from genbench.report.latex import as_latex, escaped
from genbench.report.tables import Column, table_of

COLUMNS = (
    Column("rank", "integer", "its rank", "#"),
    Column("name", "text", "what it is called", "name"),
    Column("secret", "integer", "for scripts only"),
    Column("notes", "text", "what to know of it", ""),
)

PAPER = r"""% \usepackage{booktabs}
\begin{tabular}{rl}
\toprule
\multicolumn{2}{l}{50\%} \\
\midrule
\# & name \\
\midrule
\textbf{1} & \textbf{a\_b}\textsuperscript{a} \\
2 & c \\
3 & d\textsuperscript{\dag,a} \\
\bottomrule
\end{tabular}

{\footnotesize
\noindent \textsuperscript{\dag} provisional: shown, and never first\par
\noindent \textsuperscript{a} one seed\par
\noindent seen elsewhere\par
\noindent of all\par
}

"""


def test_a_tabular_has_shown_columns_a_heading_and_its_notes_below():
    table = table_of(
        "toy",
        COLUMNS,
        [[1, "a_b", 7, "one seed"], [2, "c", 7, ""], [3, "d", 7, "one seed"]],
        title="50%",
        strong=lambda row: row["rank"] == 1,
        unsure=lambda row: row["rank"] == 3,
        remarks=lambda _: ["seen elsewhere"],
        notes=("of all",),
    )

    assert as_latex([table]) == PAPER


def test_many_notes_have_letters_of_their_own():
    text = as_latex([table_of("toy", COLUMNS, [[1, "a", 7, f"note {number}"] for number in range(28)])])

    letters = re.findall(r"a\\textsuperscript\{(\w+)\}", text)
    assert letters[:2] + letters[25:] == ["a", "b", "z", "aa", "ab"]


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("a & b_c^d ~ #$%", r"a \& b\_c\textasciicircum{}d \textasciitilde{} \#\$\%"),
        ("--- '' ,,", r"-{}-{}- '{}' ,{},"),
        ("<a> | `c`", r"\textless{}a\textgreater{} \textbar{} \textasciigrave{}c\textasciigrave{}"),
        ('"q"', r"\symbol{34}q\symbol{34}"),
        ("[2cm]*", "{[}2cm{]}{*}"),
        ("a\n\nb\tc", "a b c"),
        ("\x1b\u202e\0", r"\textbackslash{}x1b\textbackslash{}u202e\textbackslash{}x00"),
        (".1 \N{EN DASH} .2 · é", r".1 -- .2 \textperiodcentered{} é"),
    ],
)
def test_what_means_something_to_latex_is_set_as_it_is(text, spelled):
    assert escaped(text) == spelled


def test_no_tables_are_no_text():
    assert as_latex([]) == ""
    assert as_latex([table_of("toy", COLUMNS, [])]) == ""
