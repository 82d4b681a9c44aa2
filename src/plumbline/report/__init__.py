"""Reports: one self-contained page, or the same numbers as JSON and CSV."""

from plumbline.report.data import report_csv, report_json
from plumbline.report.report import write_report

__all__ = ["report_csv", "report_json", "write_report"]
