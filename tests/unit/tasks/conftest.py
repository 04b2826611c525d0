"""What several tests of tasks share."""

import gzip
import json

import pytest


@pytest.fixture(scope="session")
def samples(reference):
    """The reference samples of gCOG, 100 for each split and subset."""
    with gzip.open(reference / "gcog" / "gcog_reference_samples.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
