"""Where a model leans when two values meet: a ranking that takes the order of showing out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.measure.records import Record
from plumbline.stats import Interval, Ranking, bradley_terry_interval


@dataclass(frozen=True)
class ValueRanking:
    """Values by how often they were served, strongest first.

    Attributes:
        values: Value references.
        strengths: Log-strengths of Bradley-Terry, mean 0, with intervals clustered by item.
        ranks: 1 is the strongest.
        order_effect: Log-odds an option gains by being shown first.
        comparisons: Records it stands on.
    """

    values: tuple[str, ...]
    strengths: tuple[Interval, ...]
    ranks: tuple[Interval, ...]
    order_effect: Interval
    comparisons: int


def rank_values(records: Sequence[Record], *, seed: int = 0, resamples: int = 1000) -> ValueRanking | None:
    """Rank the values of dilemmas from the options a model chose.

    Bradley-Terry with an order effect (`plumbline.stats.bradley_terry_interval`): a record is a contest
    between the value shown first and the one shown second; choosing neither or both is a tie, and what was
    refused or could not be read is left out.

    Args:
        records: Of one method.
        seed: Equal seeds give equal results.
        resamples: Of the bootstrap over items.

    Returns:
        None where no record decides anything.
    """
    contests = [record for record in records if record["outcome"] in ("choice", "both", "neither")]
    names = sorted({value for record in contests for value in record["values"]})
    if not contests or len(names) < 2:
        return None
    place = {name: number for number, name in enumerate(names)}
    shown = [[place[record["values"][option]] for option in record["order"]] for record in contests]
    outcome = [0.5 if record["position"] is None else float(record["position"] == 0) for record in contests]
    ranking: Ranking = bradley_terry_interval(
        [pair[0] for pair in shown],
        [pair[1] for pair in shown],
        outcome,
        [record["item_id"] for record in contests],
        competitors=len(names),
        resamples=resamples,
        seed=seed,
    )
    order = sorted(range(len(names)), key=lambda i: -ranking.strengths[i].estimate)
    return ValueRanking(
        values=tuple(names[i] for i in order),
        strengths=tuple(ranking.strengths[i] for i in order),
        ranks=tuple(ranking.ranks[i] for i in order),
        order_effect=ranking.order_effect,
        comparisons=ranking.comparisons,
    )
