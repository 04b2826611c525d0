"""From a plan to outcomes: cells, jobs, the worker behind the wall, executors, timing."""
