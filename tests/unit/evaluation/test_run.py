"""How the files of a cell come into its folder."""

import pytest

from genbench.evaluation import prepare


def test_a_small_file_is_copied_and_a_large_one_linked_so_that_it_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "small").write_bytes(b"1234")
    (tmp_path / "large").write_bytes(b"12345")
    monkeypatch.setattr(prepare, "LINKED", 4)

    for name in ("small", "large"):
        prepare.place_file(str(tmp_path / name), str(tmp_path / f"{name} copy"))

    assert not (tmp_path / "small copy").samefile(tmp_path / "small")
    assert (tmp_path / "large copy").samefile(tmp_path / "large")
    assert (tmp_path / "large copy").stat().st_mode & 0o222 == 0


@pytest.mark.parametrize("fault", [OSError("no links here")])
def test_where_there_are_no_links_a_large_file_is_copied(tmp_path, monkeypatch, fault):
    def refused(*_):
        raise fault

    (tmp_path / "large").write_bytes(b"12345")
    monkeypatch.setattr(prepare, "LINKED", 4)
    monkeypatch.setattr("os.link", refused)

    prepare.place_file(str(tmp_path / "large"), str(tmp_path / "copy"))

    assert (tmp_path / "copy").read_bytes() == b"12345"
    assert not (tmp_path / "copy").samefile(tmp_path / "large")


@pytest.mark.parametrize(
    ("sealing", "shared"), [("process", True), ("sandbox:bwrap", False), ("sandbox:landlock", False)]
)
def test_cells_in_a_sandbox_share_no_file(tmp_path, monkeypatch, sealing, shared):
    (tmp_path / "large").write_bytes(b"12345")
    monkeypatch.setattr(prepare, "LINKED", 4)

    prepare.placing(sealing)(str(tmp_path / "large"), str(tmp_path / "copy"))

    assert (tmp_path / "copy").read_bytes() == b"12345"
    assert (tmp_path / "copy").samefile(tmp_path / "large") == shared
