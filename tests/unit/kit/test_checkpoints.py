from __future__ import annotations

import pytest
import torch
from torch import nn

from genbench.kit import checkpoints
from genbench.kit.checkpoints import CheckpointFault, Damaged

STATE = {"weights": torch.arange(5.0), "nested": {"step": 3, "score": (0.5, -1.0), "none": None, "text": "a"}}


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "training.checkpoint"
    checkpoints.save(made, "one", STATE)
    return made


def test_a_state_comes_back_as_it_was(path):
    found = checkpoints.load(path, "one")

    assert torch.equal(found.pop("weights"), STATE["weights"])
    assert found == {"nested": STATE["nested"]}


def test_a_view_is_kept_without_what_it_is_a_view_of(tmp_path):
    large = torch.zeros(1_000_000)
    checkpoints.save(tmp_path / "large", "one", {"all": large})
    checkpoints.save(tmp_path / "two", "one", {"all": large, "same": large.view(1000, 1000)})

    sizes = [(tmp_path / name).stat().st_size for name in ("large", "two")]
    assert sizes[1] < 1.01 * sizes[0]


def test_a_checkpoint_of_something_else_is_refused_by_file(path):
    with pytest.raises(CheckpointFault, match=r"training.checkpoint: a checkpoint of another model or other settings"):
        checkpoints.load(path, "two")


@pytest.mark.parametrize("at", [0, 30, 60, 500, -1])
def test_a_changed_byte_is_found_anywhere(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)

    with pytest.raises(Damaged, match="training.checkpoint: not a whole checkpoint of genbench"):
        checkpoints.load(path, "one")


@pytest.mark.parametrize("length", [0, 10, 54, 55, 400])
def test_a_cut_file_is_found(path, length):
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(Damaged):
        checkpoints.load(path, "one")


def test_an_interrupted_write_leaves_the_checkpoint_as_it_was(path, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoints.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        checkpoints.save(path, "one", {"weights": torch.zeros(5)})

    assert torch.equal(checkpoints.load(path, "one")["weights"], STATE["weights"])


def test_identities_differ_by_shape_and_by_setting():
    found = {
        checkpoints.identity(model, settings)
        for model in (nn.Linear(2, 3), nn.Linear(3, 2), nn.Linear(2, 3).double())
        for settings in ({"rate": 1}, {"rate": 2})
    }

    assert len(found) == 6
    assert checkpoints.identity(nn.Linear(2, 3), {"a": 1, "b": 2}) == checkpoints.identity(
        nn.Linear(2, 3), {"b": 2, "a": 1}
    )
