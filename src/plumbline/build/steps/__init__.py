"""The steps a recipe can name."""

from plumbline.build.steps.adversarial import Adversarial
from plumbline.build.steps.balance import Balance
from plumbline.build.steps.categorize import Categorize
from plumbline.build.steps.clean import Clean
from plumbline.build.steps.decontaminate import Decontaminate, ItemFile
from plumbline.build.steps.dedup import Dedup
from plumbline.build.steps.evolve import Evolve
from plumbline.build.steps.ifd import Ifd
from plumbline.build.steps.judge import Judge
from plumbline.build.steps.load import Load
from plumbline.build.steps.pairs import Pairs
from plumbline.build.steps.principles import Principles
from plumbline.build.steps.review import Review
from plumbline.build.steps.split import Split
from plumbline.build.steps.translate import Translate

BuiltInStep = (
    Clean | Dedup | Decontaminate | Categorize | Balance | Split | Review
    | Evolve | Translate | Principles | Adversarial | Pairs | Judge | Ifd
)  # fmt: skip

__all__ = [
    "Adversarial",
    "Balance",
    "BuiltInStep",
    "Categorize",
    "Clean",
    "Decontaminate",
    "Dedup",
    "Evolve",
    "Ifd",
    "ItemFile",
    "Judge",
    "Load",
    "Pairs",
    "Principles",
    "Review",
    "Split",
    "Translate",
]
