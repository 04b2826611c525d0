from __future__ import annotations

import itertools

import pyarrow.compute as pc
import pytest
import torch
from datasets import Dataset

from genbench.errors import BadData, BadValue, SubmissionFault
from genbench.evaluation.cell import Context
from genbench.kit import training
from genbench.kit.recurrent import Recurrent
from genbench.kit.sequence import Learner
from genbench.kit.training import FILE
from genbench.kit.transformer import DecoderOnly, EncoderDecoder

WORDS = {"walk": "W", "run": "R", "jump": "J"}
TIMES = {"": 1, "twice": 2, "thrice": 3}
PHRASES = [(f"{word} {times}".strip(), [act] * n) for word, act in WORDS.items() for times, n in TIMES.items()]
TOY = [
    (f"{one} and {other}", " ".join(left + right))
    for (one, left), (other, right) in itertools.product(PHRASES, PHRASES)
][::2]
TRAIN = Dataset.from_dict({"text": [text for text, _ in TOY], "answer": [answer for _, answer in TOY]})
TYPES = {"text": "string"}
SETTING = {"steps": 10, "batch_tokens": 200, "learning_rate": 4e-3, "dropout": 0.1, "positions": "sinusoidal"}
LEARNED = {**SETTING, "steps": 150, "dropout": 0.0}


@pytest.fixture(autouse=True)
def _tiny_floats_as_they_were():
    """The kit has the processor take tiny floats for zero, which would outlive its test in this process."""
    yield
    torch.set_flush_denormal(False)


def build(sizes, setting, generators):
    return EncoderDecoder(
        sizes.source,
        sizes.target,
        dim=32,
        heads=2,
        hidden=64,
        layers=1,
        dropout=setting["dropout"],
        positions=setting["positions"],
        longest=setting.get("positions_there_are", 512),
        generator=generators["weights"],
        masks=generators["masks"],
    )


def recurrent(sizes, setting, generators):
    given = {"dim": 8, "hidden": 8, "layers": 1, "generator": generators["weights"], "masks": generators["masks"]}
    return Recurrent(sizes.source, sizes.target, **given)


def decoder(sizes, setting, generators):
    return DecoderOnly(
        sizes.source,
        sizes.target,
        dim=32,
        heads=2,
        hidden=64,
        layers=1,
        positions=setting["positions"],
        longest=setting.get("positions_there_are", 512),
        shared=sizes.shared,
        copy=sizes.shared,
        generator=generators["weights"],
        masks=generators["masks"],
    )


def learner(
    setting=SETTING, inputs=TYPES, target_type="string", checkpoints=None, stages=0, seed=1, build=build, **given
):
    context = Context(
        task="toy",
        split="toy",
        inputs=inputs,
        target="answer",
        target_type=target_type,
        params=setting,
        seed=seed,
        profile="quick",
        budget_seconds=60.0,
        threads=1,
        device="cpu",
        folder=None,
        checkpoints=checkpoints,
        stages=stages,
    )
    return Learner(context, build, **given)


def trained(setting=SETTING, rows=TRAIN, validation=None, **given):
    made = learner(setting, **given)
    made.yielded = list(made.fit(rows, validation))
    return made


@pytest.fixture(scope="module")
def learned():
    return trained(LEARNED)


def asked(rows):
    return rows.remove_columns("answer")


def weights(made):
    return [weight.tolist() for weight in made.model.parameters()]


def test_some_pairs_are_learned_by_heart(learned):
    assert learned.predict(asked(TRAIN)) == TRAIN["answer"]


def test_answers_do_not_depend_on_the_questions_beside_them(learned):
    alone = [learned.predict(asked(TRAIN).select([row]))[0] for row in range(0, len(TRAIN), 5)]

    assert alone == learned.predict(asked(TRAIN))[::5]


def test_rows_are_read_in_the_order_of_the_data_set(learned):
    backward = list(range(len(TRAIN)))[::-1]

    assert learned.predict(asked(TRAIN).select(backward)) == TRAIN["answer"][:][::-1]


def test_no_questions_have_no_answers(learned):
    assert learned.predict(asked(TRAIN).select([])) == []


def test_tokens_never_seen_are_answered(learned):
    answers = learned.predict(Dataset.from_dict({"text": ["swim twice and fly", "", "walk " * 60]}))

    assert [type(answer) for answer in answers] == [str] * 3


@pytest.mark.parametrize(
    ("kind", "inputs", "rows"),
    [
        ("int64", {"a": "int64", "b": "int64"}, {"a": [0, 1, 0, 1], "b": [0, 0, 1, 1], "answer": [-5, 7, 7, 12]}),
        ("list<int64>", {"a": "list<int64>"}, {"a": [[1, 2], [3], [2, 2, 2]], "answer": [[2, 1], [3], []]}),
        ("list<string>", {"a": "list<string>"}, {"a": [["x y", "z"], ["z"]], "answer": [["z", "x y"], ["z", "z"]]}),
        ("string", {"a": "list<int64>", "b": "string"}, {"a": [[1], [1, 1]], "b": ["x", "1 x"], "answer": ["", "1 x"]}),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_every_type_of_tokens_is_learned_and_answered(kind, inputs, rows, shared):
    data = Dataset.from_dict(rows)

    made = trained(LEARNED, data, inputs=inputs, target_type=kind, shared=shared)

    assert made.predict(asked(data)) == rows["answer"]


def test_an_untrained_model_answers_integers_with_integers_of_training():
    data = Dataset.from_dict({"text": ["1 2", "3 4"], "answer": [100, 200]})

    made = trained({**SETTING, "steps": 1}, data, target_type="int64", shared=True)

    assert set(made.predict(asked(data))) <= {100, 200}


def test_equal_seeds_give_equal_weights_and_other_seeds_others():
    one, same, other = trained(), trained(), trained(seed=2)

    assert weights(one) == weights(same)
    assert weights(one) != weights(other)


def test_the_global_generator_is_neither_used_nor_needed():
    torch.manual_seed(1)
    one = trained()
    torch.manual_seed(2)

    assert weights(one) == weights(trained())


def test_counting_operations_does_not_change_training(monkeypatch):
    counted = trained()
    monkeypatch.setattr(Learner, "_cost", lambda *_: lambda sizes: 0.0)
    uncounted = trained()

    assert counted.training_flops > 0 == uncounted.training_flops
    assert weights(counted) == weights(uncounted)


def test_asking_at_a_point_of_the_curve_does_not_change_training():
    setting = {**SETTING, "curve": 3, "ema": 0.9}
    made = learner(setting)
    for _ in made.fit(TRAIN, None):
        made.predict(asked(TRAIN))

    assert weights(made) == weights(trained(setting))


def test_what_training_took_is_told():
    made = trained({**SETTING, "curve": 2})

    assert made.yielded == [5, 10]
    assert made.parameters == sum(weight.numel() for weight in made.model.parameters())
    # At least 6 for each weight of a matrix of the decoder and target token, Kaplan et al. 2020 (arXiv:2001.08361).
    assert made.training_flops > 6 * 32 * 32 * 4 * made.examples_seen
    assert 10 <= made.examples_seen <= made.tokens_seen <= 10 * 200


def test_an_interrupted_fit_ends_as_if_it_had_not_been(tmp_path, monkeypatch):
    setting = {**SETTING, "ema": 0.9, "early_stopping": 9, "look_every": 3, "clip": 1.0}
    whole = trained(setting, validation=TRAIN)
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0.0)
    first = learner({**setting, "curve": 10}, checkpoints=tmp_path)
    for step in first.fit(TRAIN, TRAIN):
        if step == 6:
            break
    assert (tmp_path / FILE).is_file()

    resumed = learner({**setting, "curve": 10}, checkpoints=tmp_path)
    steps = list(resumed.fit(TRAIN, TRAIN))

    assert steps == [6, 7, 8, 9, 10]
    assert resumed.resumed_seconds > 0
    assert weights(resumed) == weights(whole)
    assert (resumed.training_flops, resumed.examples_seen) == (whole.training_flops, whole.examples_seen)


def test_validation_ends_training_and_its_rows_decide():
    setting = {**LEARNED, "early_stopping": 4, "look_every": 5}
    nonsense = Dataset.from_dict({"text": ["walk"], "answer": ["never"]})

    assert trained(setting, validation=nonsense).tally.steps < 100
    assert trained(setting, validation=TRAIN).tally.steps == 150


def test_training_rows_can_be_changed():
    def only_walks(rows, generator):
        assert isinstance(generator, torch.Generator)
        return rows.filter(pc.starts_with(rows["text"], "walk"))

    made = trained(augment=only_walks)

    assert made.source_words.tokens[0] == "walk"
    assert made.target_words.tokens[0] == "W"
    assert trained(augment=lambda rows, _: rows.slice(0, 2)).sizes.longest_target == 1 + 4


@pytest.mark.parametrize("longest", [0.5, 2.0, 3.0])
def test_an_answer_has_its_longest(longest):
    made = trained({**SETTING, "steps": 1, "longest": longest})
    made.model.out.bias.data[4] = 1e6  # the first real token, for ever

    answers = made.predict(asked(TRAIN))

    assert {len(answer.split()) for answer in answers} == {int(longest * 6) + 10}


def test_a_question_longer_than_any_in_training_may_be_answered_longer():
    made = trained({**SETTING, "steps": 1})
    made.model.out.bias.data[4] = 1e6  # the first real token, for ever
    longest = made.sizes.longest_source - 1
    texts = [" ".join(["walk"] * length) for length in (1, longest, 2 * longest + 1)]

    answers = made.predict(Dataset.from_dict({"text": texts}))

    assert [len(answer.split()) for answer in answers] == [made.limit, made.limit, 2 * made.limit]


def test_a_limit_by_ratio_grows_with_each_question():
    made = trained({**SETTING, "steps": 1, "longest": 1.5, "limit": "ratio"})
    made.model.out.bias.data[4] = 1e6  # the first real token, for ever

    answers = made.predict(Dataset.from_dict({"text": ["walk", "walk and run", " ".join(["walk"] * 50)]}))

    ratio = 7 / 6  # "walk thrice and run thrice" is 6 tokens with its end, its answer 7
    assert [len(answer.split()) for answer in answers] == [int(1.5 * ratio * tokens) + 10 for tokens in (2, 4, 51)]


def test_jitter_is_drawn_in_training_and_not_in_answers():
    plain, jittered = trained({**SETTING, "dropout": 0.0}), trained({**SETTING, "dropout": 0.0, "jitter": 1.4})
    again = trained({**SETTING, "dropout": 0.0, "jitter": 1.4})

    assert weights(jittered) == weights(again) != weights(plain)
    assert jittered.predict(asked(TRAIN)) == jittered.predict(asked(TRAIN))


def test_jitter_of_a_model_without_attention_is_refused():
    with pytest.raises(BadValue, match=r"jitter = 1\.4 is of attention's scores, and the model has no attention"):
        trained({**SETTING, "jitter": 1.4}, build=recurrent)


def test_no_training_rows_are_refused():
    with pytest.raises(BadData, match="toy/toy has no training rows to learn from"):
        trained(rows=TRAIN.select([]))
    with pytest.raises(BadData, match="augment returned no rows"):
        trained(augment=lambda rows, _: rows.slice(0, 0))


def test_stopping_early_needs_validation_rows():
    with pytest.raises(BadData, match="toy/toy has no validation rows to stop by; set early_stopping=0"):
        trained({**SETTING, "early_stopping": 1})


def test_rows_longer_than_the_model_are_refused_before_training(monkeypatch):
    monkeypatch.setattr(Learner, "_cost", lambda *_: lambda sizes: 0.0)  # which may meet such rows too
    rows = Dataset.from_dict({"text": ["walk"] * 99 + ["walk " * 9], "answer": ["W"] * 100})
    made = learner({**SETTING, "batch_tokens": 4, "positions": "learned", "positions_there_are": 5})

    with pytest.raises(BadValue, match="is longer than"):
        list(made.fit(rows, None))
    assert made.tally.steps == 0


@pytest.mark.parametrize(("make", "held"), [(build, 12), (decoder, 17)])
def test_questions_longer_than_the_model_are_answered_and_told(capsys, make, held):
    made = trained({**SETTING, "positions": "learned", "positions_there_are": held}, build=make)

    answers = made.predict(Dataset.from_dict({"text": ["walk", "walk " * 40]}))

    assert len(answers) == 2
    taken = {12: 12, 17: 10}[held]  # of a decoder's 17, answers of training need 7
    assert f"1 questions are longer than the {taken} tokens that the model takes" in capsys.readouterr().err


@pytest.mark.parametrize("beam", [1, 3])
def test_a_decoder_alone_copies_what_it_is_shown(beam):
    rows = Dataset.from_dict({"text": [f"{a} {b} {c}" for a, b, c in itertools.product("abcd", repeat=3)]})
    rows = rows.add_column("answer", rows["text"][:])

    made = trained({**LEARNED, "beam": beam}, rows, build=decoder, shared=True)

    answers = made.predict(asked(rows))
    assert sum(map(str.__eq__, answers, rows["answer"])) > 0.9 * len(rows)


def test_answers_before_training_are_refused():
    with pytest.raises(SubmissionFault, match="predict was called before fit"):
        learner().predict(asked(TRAIN))


def test_a_column_of_pictures_is_refused():
    data = Dataset.from_dict({"text": [0.5], "answer": ["a"]})

    with pytest.raises(BadValue, match="column 'text' is of type float64"):
        trained(rows=data, inputs={"text": "float64"})


def test_a_stage_of_a_stream_does_not_go_on_from_the_stage_before(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0.0)
    made = trained(checkpoints=tmp_path, stages=2)
    first = weights(made)

    list(made.fit(TRAIN.map(lambda row: {"answer": row["answer"][::-1]}), None))

    assert weights(made) != first
    assert list(tmp_path.iterdir()) == []
