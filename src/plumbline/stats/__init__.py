"""Statistics: pure functions on arrays that stand on numpy and scipy alone."""

from plumbline.stats.agreement import (
    Consistency,
    cohen_kappa,
    cohen_kappa_interval,
    fleiss_kappa,
    intra_rater_consistency,
    krippendorff_alpha,
    krippendorff_alpha_interval,
    percent_agreement,
)
from plumbline.stats.intervals import (
    Interval,
    cluster_bootstrap,
    cluster_mean_interval,
    cluster_ratio_interval,
    proportion_interval,
)
from plumbline.stats.paired import (
    ItemOutcomes,
    McNemar,
    PairedDifference,
    cohens_h,
    item_outcomes,
    mcnemar_exact,
    mcnemar_test,
    paired_cluster_bootstrap,
    paired_effect_size,
    sign_flip_test,
)
from plumbline.stats.ranking import Ranking, bradley_terry, bradley_terry_interval, win_rate

__all__ = [
    "Consistency",
    "Interval",
    "ItemOutcomes",
    "McNemar",
    "PairedDifference",
    "Ranking",
    "bradley_terry",
    "bradley_terry_interval",
    "cluster_bootstrap",
    "cluster_mean_interval",
    "cluster_ratio_interval",
    "cohen_kappa",
    "cohen_kappa_interval",
    "cohens_h",
    "fleiss_kappa",
    "intra_rater_consistency",
    "item_outcomes",
    "krippendorff_alpha",
    "krippendorff_alpha_interval",
    "mcnemar_exact",
    "mcnemar_test",
    "paired_cluster_bootstrap",
    "paired_effect_size",
    "percent_agreement",
    "proportion_interval",
    "sign_flip_test",
    "win_rate",
]
