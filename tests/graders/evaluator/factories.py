"""Labelled texts with planted words: what an evaluator has to find is known."""

import numpy as np

from plumbline.frameworks import load_framework
from plumbline.graders.evaluator.labelled import LabelledSet

VALUES = ("harmony", "justice", "integrity")
# What texts with the value mostly say, in no text without it by design.
SIGNS = {"harmony": "邻里和睦相处", "justice": "评判不偏不倚", "integrity": "说到就要做到"}
FILLER = "今天早上下了一点小雨路边有人卖菜桥下的河水慢慢流着远处传来火车的声音孩子们背着书包走过街口"


def labelled(rows: int, seed: int = 0, shares=(0.5, 0.3, 0.2), noise: float = 0.1) -> LabelledSet:
    """Texts of filler with the sign of each value they carry; a share `noise` of signs is missing or misplaced."""
    generator = np.random.default_rng(seed)
    labels = (generator.random((rows, len(VALUES))) < np.array(shares)).astype(np.int8)
    shown = labels ^ (generator.random(labels.shape) < noise)
    texts = []
    for row in shown:
        words = "".join(generator.choice(list(FILLER), size=generator.integers(20, 60)))
        places = sorted(generator.integers(0, len(words), size=int(row.sum())), reverse=True)
        for place, value in zip(places, [v for v, yes in zip(VALUES, row, strict=True) if yes], strict=True):
            words = f"{words[:place]}，{SIGNS[value]}。{words[place:]}"
        texts.append(words)
    framework = load_framework("core-socialist-values")
    return LabelledSet(tuple(texts), labels, framework, VALUES, (), {"name": "planted", "sha256": str(seed)})
