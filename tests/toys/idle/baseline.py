"""Answers each question with its first column, at once."""


class Idle:
    def __init__(self, context):
        self.column = next(iter(context.inputs))

    def fit(self, train, validation):
        pass

    def predict(self, questions):
        return questions.data.column(self.column).to_numpy()
