"""Labelled texts beside the data, which teach an evaluator more about rare values.

Our own were written by a machine and are everyday news, letters and notices. They are short, and carry fewer
values than other sets' texts, so what is learnt from them is which n-grams speak for a value, not how common
it is: `train_linear` moves their labels to the prevalence of the data.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from plumbline.errors import InputError
from plumbline.graders.evaluator import messages as m
from plumbline.graders.evaluator.labelled import LabelledSet, load_labelled
from plumbline.graders.evaluator.split import near_groups


def own_companion(data: LabelledSet) -> LabelledSet | None:
    """Return our own texts labelled by the data's framework; None without any, or where they are the data."""
    own = load_labelled("paragraphs")
    if own.framework.id != data.framework.id or own.source["sha256"] == data.source.get("sha256"):
        return None
    return replace(own, source={**own.source, "authored": "machine"})


def beside(also: LabelledSet, data: LabelledSet) -> LabelledSet:
    """Return the companion as it may be learnt from: the data's values, and no text near one of the data.

    A text that also stands in the data, or nearly so, would let folds and test parts see what they must not.

    Args:
        also: The companion.
        data: All rows there are, those left out for testing included.

    Raises:
        InputError: Another framework, or a value of the data that the companion does not label.
    """
    if also.framework.id != data.framework.id or not set(data.values) <= set(also.values):
        what = m.OTHER_COMPANION(name=also.source.get("name", ""), framework=data.framework.id)
        raise InputError(what, mend=m.GIVE_COMPANION())
    group = near_groups([*data.texts, *also.texts])
    apart = np.flatnonzero(~np.isin(group[len(data) :], group[: len(data)]))
    columns = [also.values.index(value) for value in data.values]
    return replace(also.take(apart), labels=also.labels[apart][:, columns], values=data.values)
