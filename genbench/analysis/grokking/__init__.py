"""When a submission memorized, when it generalized, how long after, and in which phase it ended: read off its curves.

For any submission whose `fit` yields steps, on any task that asks its training rows again: CURVES has all that is
needed. The *course* of a cell is its accuracy on the training rows (`train`), on the question set that asks for
generalization (`test`), and where labels are corrupted, how many of those are answered as given (`memorized`) and as is
true (`recovered`), at each step that it yielded.

- It has memorized at the first point at which `train` is at least .99, and generalized likewise by `test`. Both are
  times in steps, in examples and in floating-point operations of training, so far as the submission counts these. What
  happened between two points is dated to the later one.
- The delay is the time from the first to the second, 0 where generalization came first. Where it never came, the delay
  is longer than what is left of the curve (right-censored); where nothing was memorized there is no delay to speak of.
- Over seeds, medians are Kaplan & Meier's (1958), by `scipy.stats.ecdf`, with the interval in which the log-log
  confidence band of the survival curve crosses one half: a seed that never got there counts for as long as it was
  watched.
- The phase follows Doshi, Das, He & Gromov 2023 (arXiv:2310.13061), appendix C, from the accuracies at the last point
  and the share of corrupted labels: see `phase`.

Numbers that a submission says of itself by `diagnostics` stand beside the accuracies of a course.
"""

from genbench.analysis.grokking.course import METRICS, UNITS, Course, Event, Unit
from genbench.analysis.grokking.medians import Median, median
from genbench.analysis.grokking.phases import PHASES, Phase, phase
from genbench.analysis.grokking.selection import courses
from genbench.analysis.grokking.summary import Summary, summaries
from genbench.analysis.grokking.tables import COURSES, ENDS, MEDIANS, course_rows, end_rows, median_rows

__all__ = [
    "COURSES",
    "ENDS",
    "MEDIANS",
    "METRICS",
    "PHASES",
    "UNITS",
    "Course",
    "Event",
    "Median",
    "Phase",
    "Summary",
    "Unit",
    "course_rows",
    "courses",
    "end_rows",
    "median",
    "median_rows",
    "phase",
    "summaries",
]
