"""What a process gives up for good before a submission's code runs in it, where there is no bubblewrap.

Namespaces that cut it off (`namespaces`), a list of the files that it may open (`landlock`), one of the calls that the
kernel refuses it (`seccomp`); `python -m genbench.evaluation.confinement` does all of it and then runs a command. No
library does: a binding to libseccomp needs that library, which is no more at hand than bubblewrap is.
"""
