"""What tasks draw: shapes on a cluttered ground, letters of dots, signs of seven segments, and PNG files of them.

Parts of tasks, as the kit is of submissions: plain functions and frozen dataclasses that the engine never imports. All
arithmetic that reaches a pixel is that of integers, and files are not compressed, so that the same numbers give the
same bytes on every processor and with every version of a library. Random numbers come from keys (`splitmix`), so any
image can be had alone, and a batch of any size has the same bytes.
"""
