"""The two columns that the engine adds to what crosses the wall."""

from typing import Final

QUESTION_ID: Final = "question_id"  # int64; beside the inputs of a question, and beside its answer
PREDICTION: Final = "prediction"
