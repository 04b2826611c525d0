"""genbench: the benchmark suite and leaderboard for generalization.

Nothing is imported here, so that `genbench --help` costs what the command-line library costs and no more.
"""

__version__ = "0.1.0"
