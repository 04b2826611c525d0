from __future__ import annotations

import pytest

from genbench.errors import BadValue
from genbench.kit.early_stopping import EarlyStopping


def test_patience_begins_at_one():
    with pytest.raises(BadValue, match="patience is 0 and every is 1"):
        EarlyStopping(0, 1, lambda: 0.0)
