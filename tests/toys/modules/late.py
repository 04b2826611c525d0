"""Imported when the first question is there."""


def again(number):
    return number
