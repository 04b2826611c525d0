"""Benchmarks run when they are asked for: `pytest tests/bench --benchmark-only`."""

import pytest


def pytest_runtest_setup(item):
    if not item.config.getoption("benchmark_only"):
        pytest.skip("benchmarks run with --benchmark-only")
