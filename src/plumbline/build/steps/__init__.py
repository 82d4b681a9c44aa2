"""The steps a recipe can name."""

from plumbline.build.steps.balance import Balance
from plumbline.build.steps.categorize import Categorize
from plumbline.build.steps.clean import Clean
from plumbline.build.steps.decontaminate import Decontaminate, TestedFile
from plumbline.build.steps.dedup import Dedup
from plumbline.build.steps.load import Load
from plumbline.build.steps.review import Review
from plumbline.build.steps.split import Split

BuiltInStep = Clean | Dedup | Decontaminate | Categorize | Balance | Split | Review

__all__ = [
    "Balance",
    "BuiltInStep",
    "Categorize",
    "Clean",
    "Decontaminate",
    "Dedup",
    "Load",
    "Review",
    "Split",
    "TestedFile",
]
