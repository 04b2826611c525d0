"""A task held against the world: only where its card names what does so."""

import pytest

from genbench.authoring.verification import verify, verify_reference, verify_samples
from genbench.errors import BadValue


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (lambda echo, _: list(verify([echo], download=False)), "echo names no 'verify' on its card: "),
        (lambda echo, at: list(verify_samples(echo.task, at)), "echo names no 'verify_samples' on its card: "),
        (lambda echo, at: verify_reference(echo.task, at), "echo names no 'verify_reference' on its card: "),
    ],
)
def test_a_task_without_the_entry_is_refused(echo, tmp_path, held, message):
    with pytest.raises(BadValue, match=f"^{message}"):
        held(echo, tmp_path)
