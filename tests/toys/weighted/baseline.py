"""Answers with the sum of the numbers in the files that its parameter names; 0 where it names none."""

from pathlib import Path


class Weighted:
    def __init__(self, context):
        place = Path(context.params["model"])
        files = sorted(place.iterdir()) if place.is_dir() else [place] * place.is_file()
        self.answer = sum(int(path.read_text()) for path in files)

    def fit(self, train, validation):
        pass

    def predict(self, questions):
        return [self.answer] * len(questions)
