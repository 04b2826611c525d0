"""The example `program`: what is said where a program does not keep to the lines."""

import json

import pytest
from datasets import Dataset

from genbench.authoring import scaffold
from genbench.cards.entries import load_entry
from genbench.errors import SubmissionFault
from genbench.evaluation.cell import Context
from genbench.registry import Catalogue

TRAIN = Dataset.from_dict(
    {"text": ['a "answer": b', "b", "c\u2028d"], "said": ["yes, yes\u2028", "no", "yes, yes\u2028"]}
)
ASKED = Dataset.from_dict({"text": ["e", "f"]})


@pytest.fixture
def program(tmp_path):
    """Gives the submission of a new folder, its program the default or a shell script of these lines."""

    def make(script=None, command="sh program.sh"):
        folder = scaffold.new("baseline", "mine", tmp_path, Catalogue(), "program")
        if script is not None:
            (folder / "program.sh").write_text(script)
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        return load_entry(folder, "baseline:Program")(
            Context(
                task="toy",
                split="toy",
                inputs={"text": "string"},
                target="said",
                target_type="string",
                params={"command": command},
                seed=5,
                profile="quick",
                budget_seconds=60.0,
                threads=1,
                device="cpu",
                folder=scratch,
            )
        )

    return make


def test_the_program_that_comes_with_it_gives_the_commonest_answer(program):
    one = program()
    one.fit(TRAIN, None)

    assert one.predict(ASKED) == ["yes, yes\u2028"] * 2


def test_a_program_is_told_what_it_faces_and_given_the_validation_rows(program):
    one = program(
        '[ "$1" = predict ] || exit 0\ncat >/dev/null\ncat "$2/validation.jsonl"\ntr -d "\\n" <"$2/context.json"\n'
    )
    one.fit(TRAIN, TRAIN.select([1]))

    validation, told = one.predict(ASKED)

    assert validation == {"inputs": {"text": "b"}, "answer": "no"}
    assert (told["seed"], told["target_type"], told["params"]) == (5, "string", {"command": "sh program.sh"})


def test_questions_have_no_answer(program):
    one = program("cat\n")

    assert one.predict(ASKED) == [{"inputs": {"text": "e"}}, {"inputs": {"text": "f"}}]
    assert one.predict(ASKED.select([])) == []


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("cat >/dev/null; exit 3", "^sh program.sh predict ended with status 3; the log has its words$"),
        ("cat >/dev/null; echo 1", "^2 questions were asked, and the program wrote 1 lines$"),
        ("cat >/dev/null; echo 1; echo yes", "^line 2 of the answers is no JSON: b'yes'$"),
        ("cat >/dev/null; echo 1; printf '\"\\377\"\\n'", "^line 2 of the answers is no JSON: "),
    ],
)
def test_a_program_that_does_not_answer_line_by_line_is_told_so(program, script, fault):
    one = program(script)

    with pytest.raises(SubmissionFault, match=fault):
        one.predict(ASKED)


def test_a_command_that_is_not_there_is_named(program):
    one = program(command="no-such-program --quietly")

    with pytest.raises(SubmissionFault, match="^no-such-program cannot be started: No such file or directory$"):
        one.fit(TRAIN, None)


def test_a_program_that_ends_before_it_has_read_everything_has_still_answered(program):
    one = program("echo 1; echo 2")
    many = Dataset.from_dict({"text": ["x" * 100_000] * 2})

    assert one.predict(many) == [1, 2]
    assert json.loads((one.folder / "context.json").read_text())["task"] == "toy"
