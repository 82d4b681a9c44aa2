"""Measure: a suite put to a model, graded, kept, summarised and compared."""

from plumbline.measure.compare import Comparison, compare
from plumbline.measure.measure import measure
from plumbline.measure.run import Run, load_run
from plumbline.measure.summary import Summary, summarise

__all__ = ["Comparison", "Run", "Summary", "compare", "load_run", "measure", "summarise"]
