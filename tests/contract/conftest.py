"""Splits that need official files are tried where the reference data are at hand, and skipped elsewhere."""

import os

import pytest


@pytest.fixture(autouse=True)
def official_files(request, monkeypatch):
    """Read official files from ../shared/reference, unless the caller has said where they are."""
    reference = request.config.rootpath.parent / "shared" / "reference"
    if "GENBENCH_DATA" not in os.environ and reference.is_dir():
        monkeypatch.setenv("GENBENCH_DATA", str(reference))
