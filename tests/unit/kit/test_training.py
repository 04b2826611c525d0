from __future__ import annotations

import math
import re

import pytest
import torch
from torch import nn

from genbench.errors import BadValue
from genbench.kit import training
from genbench.kit.batching import Batch, Batches, shuffled
from genbench.kit.checkpoints import CheckpointFault
from genbench.kit.optimization import Adam, schedule
from genbench.kit.seeding import Generators
from genbench.kit.training import FILE, Budget, Diverged, EarlyStopping, Tally, train

GIVEN = torch.randn(50, 3, generator=torch.Generator().manual_seed(0))
WANTED = GIVEN @ torch.tensor([[1.0], [-2.0], [0.5]])


class Noisy(nn.Module):
    """A line behind noise from a generator, and a buffer that training changes."""

    def __init__(self, generators):
        super().__init__()
        self.line, self.generators = nn.Linear(3, 1), generators
        self.register_buffer("seen", torch.zeros(1))
        with torch.no_grad():
            for weight in self.parameters():
                weight.copy_(torch.randn(weight.shape, generator=generators["weights"]))

    def forward(self, given):
        if self.training:
            self.seen += given.mean()
            given = given + 0.1 * torch.randn(given.shape, generator=self.generators["dropout"])
        return self.line(given)


def loss(model, batch):
    return (model(batch.parts[0]) - batch.parts[1]).square().mean()


def gather(rows):
    return Batch((GIVEN[rows], WANTED[rows]), len(rows), 3 * len(rows), (len(rows),))


class Run:
    """A training that can be interrupted after a number of losses, and all that it leaves."""

    def __init__(self, *, score=None, folder=None, seconds=0.0, average=0.9, loss=loss, patience=3, **given):
        self.generators, self.tally = Generators(3), Tally()
        self.model = Noisy(self.generators)
        self.optimizer = Adam(self.model, average=average, clip=1.0, decay=0.01)
        self.losses, self.loss, self.fails_at = 0, loss, math.inf
        batches = Batches(shuffled(50, 8), gather, self.generators["batches"])
        options = {"budget": Budget(steps=20), "curve": 0, "cost": lambda sizes: 10.0 * sizes[0]}
        options |= {"progress": False, "identity": "this", **given}
        if score is not None:
            options["early_stopping"] = EarlyStopping(patience, 2, lambda: score(self.model))
        factor = schedule("linear", options["budget"].total, 0.1)
        self.steps = train(
            self.model,
            self._loss,
            batches,
            self.optimizer,
            rate=lambda step: 0.05 * factor(step),
            tally=self.tally,
            generators=self.generators,
            checkpoints=folder,
            every_seconds=seconds,
            **options,
        )

    def _loss(self, model, batch):
        self.losses += 1
        if self.losses > self.fails_at:
            raise KeyboardInterrupt
        return self.loss(model, batch)

    def finish(self):
        self.yielded = list(self.steps)
        return self

    def interrupt(self, after):
        self.fails_at = after
        with pytest.raises(KeyboardInterrupt):
            list(self.steps)

    def left(self):
        counted = (self.tally.steps, self.tally.examples, self.tally.tokens, self.tally.flops)
        return [*counted, *(tensor.tolist() for tensor in self.model.state_dict().values())]


def distance(model):
    with torch.no_grad():
        return -float((model(GIVEN) - WANTED).square().mean())


def falling():
    """A score that rises twice and then falls."""
    scores = iter([1.0, 2.0, *range(0, -1000, -1)])
    return lambda _: next(scores)


def test_training_brings_the_loss_down():
    before = distance(Run(average=0).model)

    assert distance(Run(average=0, budget=Budget(steps=200)).finish().model) > 0.1 * before


@pytest.mark.parametrize("after", range(1, 20))
def test_training_interrupted_after_any_step_ends_as_if_it_had_not_been(tmp_path, after):
    whole = Run(score=distance).finish()
    Run(score=distance, folder=tmp_path).interrupt(after)

    resumed = Run(score=distance, folder=tmp_path).finish()

    assert resumed.losses == 20 - after
    assert resumed.left() == whole.left()


def test_training_interrupted_again_and_again_ends_as_if_it_had_not_been(tmp_path):
    whole = Run().finish()
    for after in (3, 1, 7, 2):
        Run(folder=tmp_path).interrupt(after)

    assert Run(folder=tmp_path).finish().left() == whole.left()


def test_early_stopping_goes_on_counting_after_an_interruption(tmp_path):
    def score(model):
        return -abs(float(model.seen))

    whole = Run(score=score, patience=2).finish()
    Run(score=score, patience=2, folder=tmp_path).interrupt(3)

    resumed = Run(score=score, patience=2, folder=tmp_path).finish()

    assert whole.tally.steps < 20, "it should have stopped early"
    assert resumed.left() == whole.left()


def test_a_finished_training_is_taken_from_its_checkpoint_whole(tmp_path):
    whole = Run(folder=tmp_path, score=distance, curve=2).finish()

    again = Run(folder=tmp_path, score=distance, curve=2).finish()

    assert again.losses == 0
    assert (whole.yielded, again.yielded) == ([10, 20], [20])
    assert again.left() == whole.left()


def test_a_point_of_the_curve_that_was_not_answered_is_asked_again(tmp_path):
    run = Run(folder=tmp_path, curve=2)
    assert next(run.steps) == 10
    run.steps.close()  # interrupted while it was answered

    assert Run(folder=tmp_path, curve=2).finish().yielded == [10, 20]


def test_a_point_that_was_answered_is_not_asked_again(tmp_path):
    Run(folder=tmp_path, curve=2).interrupt(10)

    assert Run(folder=tmp_path, curve=2).finish().yielded == [20]


def test_seconds_of_earlier_attempts_are_told(tmp_path):
    run = Run(folder=tmp_path)
    run.interrupt(10)

    resumed = Run(folder=tmp_path).finish()

    assert 0 < resumed.tally.resumed_seconds <= run.tally.seconds
    assert resumed.tally.seconds > resumed.tally.resumed_seconds
    assert run.tally.state()["resumed_cpu_seconds"] > 0
    assert 0 < resumed.tally.resumed_cpu_seconds < resumed.tally.state()["resumed_cpu_seconds"]
    fresh = Run().finish().tally
    assert fresh.resumed_seconds == fresh.resumed_cpu_seconds == 0


def test_pauses_at_yields_are_not_counted(monkeypatch):
    clock = [0.0]

    def slow(model, batch):
        clock[0] += 1.0
        return loss(model, batch)

    monkeypatch.setattr(training.time, "monotonic", lambda: clock[0])
    run = Run(curve=4, loss=slow)
    for _ in run.steps:
        clock[0] += 100.0

    assert run.tally.seconds == 20


def test_a_damaged_checkpoint_is_set_aside_and_training_starts_over(tmp_path, capsys):
    whole = Run().finish()
    Run(folder=tmp_path).interrupt(9)
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[:-7])

    found = Run(folder=tmp_path).finish()

    assert found.losses == 20
    assert found.left() == whole.left()
    assert (tmp_path / f"{FILE}.damaged").read_bytes() == content[:-7]
    told = capsys.readouterr().err
    assert re.search(rf"{FILE}: not a whole checkpoint.* it is now {FILE}.damaged, and training starts over", told)


def test_a_checkpoint_of_another_training_is_refused(tmp_path):
    Run(folder=tmp_path).interrupt(9)

    with pytest.raises(CheckpointFault, match="of another model or other settings"):
        Run(folder=tmp_path, identity="that").finish()


def test_training_goes_on_where_a_checkpoint_cannot_be_written(tmp_path, capsys):
    whole = Run().finish()

    found = Run(folder=tmp_path / "absent").finish()

    assert found.left() == whole.left()
    assert "no checkpoint at step 1: " in capsys.readouterr().err


def test_checkpoints_are_written_no_oftener_than_asked(tmp_path):
    Run(folder=tmp_path, seconds=1000.0).finish()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("budget", "steps"),
    [(Budget(steps=7), 7), (Budget(examples=100), 14), (Budget(examples=101), 15), (Budget(flops=1000.0), 14)],
)
def test_the_first_step_that_reaches_the_budget_is_the_last(budget, steps):
    run = Run(budget=budget).finish()  # batches of 8, 8, 8, 8, 8, 8, 2 examples, 10 operations each

    assert run.tally.steps == steps


@pytest.mark.parametrize(("curve", "steps"), [(0, []), (1, [7]), (3, [3, 5, 7]), (7, list(range(1, 8)))])
def test_the_curve_has_evenly_spaced_points_the_last_included(curve, steps):
    assert Run(budget=Budget(steps=7), curve=curve).finish().yielded == steps


def test_asking_at_a_point_of_the_curve_does_not_change_training():
    run = Run(curve=5)
    for _ in run.steps:
        run.model.eval()
        run.model(GIVEN)

    assert run.left() == Run().finish().left()


def test_the_averaged_weights_answer_at_yields_and_at_the_end():
    run = Run(curve=2)
    for _ in run.steps:
        assert torch.equal(run.model.line.weight.flatten(), run.optimizer.weights[:3])
        assert not torch.equal(run.optimizer.weights, run.optimizer.averaged)
        if run.tally.steps == 10:
            half = run.optimizer.weights.clone(), run.optimizer.averaged.clone()
    plain = Run(average=0, budget=Budget(steps=20), curve=2)
    next(plain.steps)

    assert torch.equal(plain.optimizer.weights, half[1]), "training itself goes on with the plain ones"


def test_training_stops_when_validation_no_longer_rises_and_keeps_the_best_weights():
    run = Run(score=falling(), patience=3, curve=10)
    kept = {}
    for _ in run.steps:
        kept[run.tally.steps] = run.model.line.weight.clone()

    assert run.tally.steps == 10, "looks at 2, 4 (the best), 6, 8, 10"
    assert torch.equal(run.model.line.weight, kept[4])
    assert max(kept) == 10


def test_a_score_may_break_ties_with_a_second_number():
    scores = iter([(0.0, 1.0), (0.0, 2.0), (0.0, 0.0), (0.0, 0.0)])

    run = Run(score=lambda _: next(scores), patience=2).finish()

    assert run.tally.steps == 8


def test_a_loss_that_is_no_number_ends_training_with_one_error():
    with pytest.raises(Diverged, match="the loss is nan at step 20; lower learning_rate, or bound the gradient"):
        Run(loss=lambda model, batch: loss(model, batch) * math.nan).finish()


def test_half_precision_trains_too():
    assert distance(Run(average=0, amp="bf16", budget=Budget(steps=200)).finish().model) > -0.5


def test_progress_is_told_now_and_then(monkeypatch, capsys):
    monkeypatch.setattr(training, "PROGRESS_SECONDS", 0.0)

    Run(progress=True, budget=Budget(examples=16)).finish()

    first, second = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"training: step 1, 8 of 16 examples  loss \d+\.\d{4}  [\d,]+ tokens/s", first)
    assert second.startswith("training: step 2, 16 of 16 examples")


def test_a_budget_in_operations_needs_their_cost():
    with pytest.raises(BadValue, match="a budget in flops needs the cost of a step"):
        Run(budget=Budget(flops=1.0), cost=None).finish()
