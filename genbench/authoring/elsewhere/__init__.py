"""Splits where people already work: tasks of other evaluation programs, their logs as answers, folders for hubs."""
