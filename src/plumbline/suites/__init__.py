"""Items and suites: what is put to a model, ours and published."""

from plumbline.suites.items import Choice, Dilemma, Open, Rubric, Statement
from plumbline.suites.loader import list_suites, load_suite
from plumbline.suites.suite import Dropped, Manifest, Suite, read_suite

__all__ = [
    "Choice",
    "Dilemma",
    "Dropped",
    "Manifest",
    "Open",
    "Rubric",
    "Statement",
    "Suite",
    "list_suites",
    "load_suite",
    "read_suite",
]
