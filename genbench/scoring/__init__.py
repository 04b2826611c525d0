"""Answers meet targets: metrics, and the one scorer."""
