"""The names of what is now in files of its own; goes when nobody asks for them here."""

from genbench.authoring.exports import Format, export
from genbench.authoring.predictions import Scored, score
from genbench.authoring.rescoring import rescore
from genbench.authoring.samples import import_samples
from genbench.authoring.verification import verify, verify_reference, verify_samples

__all__ = [
    "Format",
    "Scored",
    "export",
    "import_samples",
    "rescore",
    "score",
    "verify",
    "verify_reference",
    "verify_samples",
]
