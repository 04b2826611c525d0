"""Takes the ratio of target and input in training, and multiplies by it."""


class Doubler:
    def __init__(self, context):
        self.context = context

    def fit(self, train, validation):
        (name,) = self.context.inputs
        self.ratio = sum(train[self.context.target]) // sum(train[name])

    def predict(self, questions):
        (name,) = self.context.inputs
        return [self.ratio * number for number in questions[name]]
