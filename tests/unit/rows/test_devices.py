"""Which device submissions may use: asked of whoever would use it, in a process of its own."""

import pytest

from genbench.rows import devices


@pytest.fixture
def signs(tmp_path, monkeypatch):
    """Gives `signs(name)`: what is found where that file of a driver is; who is asked says cuda."""
    monkeypatch.setattr(devices, "_asked", lambda _script: devices.Found("cuda", "asked"))
    monkeypatch.setattr(devices.sys, "platform", "linux")
    for name in devices.HIDING:
        monkeypatch.delenv(name, raising=False)

    def found(name):
        (tmp_path / name).touch()
        hidden = tuple(devices.os.environ.get(one) for one in devices.HIDING)
        return devices._found.__wrapped__(hidden, devices._signs(tmp_path)).device

    return found


@pytest.mark.parametrize("sign", ["nvidia0", "nvidia7", "nvidiactl", "dxg", "kfd"])
def test_every_drivers_sign_has_somebody_asked_also_of_wsl_and_rocm(signs, sign):
    assert signs("null") == "cpu"
    assert signs(sign) == "cuda"


@pytest.mark.parametrize("name", devices.HIDING)
def test_cards_that_are_hidden_are_none(signs, monkeypatch, name):
    monkeypatch.setenv(name, "0")
    seen = signs("nvidia0")
    monkeypatch.setenv(name, "-1")

    assert (seen, signs("nvidia0")) == ("cuda", "cpu")


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("print('ASKED cuda an H100, as torch says')", ("cuda", "an H100, as torch says")),
        ("print('chatter'); print('ASKED tpu x')", ("cpu", "asking for a card failed: exit code 0")),
        ("raise SystemExit('no driver')", ("cpu", "asking for a card failed: no driver")),
    ],
)
def test_the_word_of_a_child_is_taken_and_its_end_survived(script, found):
    assert devices._asked(script) == found


def test_who_is_asked_here_answers():
    device, said = devices._asked(devices.ASK)

    assert device in {"cpu", "cuda", "mps"}
    assert "torch" in said or "driver" in said
