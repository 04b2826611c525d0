"""Learns a third at a time, so that its learning curve is known."""


class Stepping:
    def __init__(self, context):
        self.known = 0
        self.parameters = 3
        self.training_flops = 1e21

    def fit(self, train, validation):
        for step in (10, 20):
            self.known = 3 * step
            self.examples_seen = 7 * step
            yield step
        self.known = 10**9

    def diagnostics(self):
        return {"known": float(self.known)}

    def predict(self, questions):
        return [number if number < self.known else -1 for number in questions["number"]]
