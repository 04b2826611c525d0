"""What most submissions need and nobody should write twice: batches, training, checkpoints, models, cached decoding.

Plain functions, modules and frozen dataclasses to call; the engine never imports them. `genbench.kit.sequence.Learner`
puts them together for tasks whose questions and answers are sequences of tokens.
"""
