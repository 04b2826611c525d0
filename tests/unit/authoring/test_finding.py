"""A finding holds, or says why it does not, with a contribution's own traceback where there is one."""

from genbench.authoring.finding import tried
from genbench.errors import BadData, EntryFault


def fails_with(fault):
    raise fault


def test_a_sentence_that_nothing_speaks_against_holds():
    finding = tried("echo", "it echoes", lambda: None)

    assert (finding.holds, finding.fault) == (True, "")


def test_a_fault_says_why_a_sentence_does_not_hold():
    finding = tried("echo", "it echoes", lambda: fails_with(BadData("it is silent")))

    assert (finding.holds, finding.subject, finding.fault) == (False, "echo", "it is silent")


def test_the_contributions_own_traceback_follows_the_fault():
    finding = tried("echo", "it imports", lambda: fails_with(EntryFault("it does not", "Traceback: line 3")))

    assert finding.fault == "it does not\nTraceback: line 3"
