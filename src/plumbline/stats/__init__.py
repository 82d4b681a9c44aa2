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
from plumbline.stats.calibration import ReliabilityBin, brier_score, calibration_error, reliability_table
from plumbline.stats.intervals import (
    Interval,
    cluster_bootstrap,
    cluster_mean_interval,
    cluster_ratio_interval,
    proportion_interval,
)
from plumbline.stats.judge_bias import RectifiedMean, rectified_mean
from plumbline.stats.multiple import benjamini_hochberg, holm
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
from plumbline.stats.power import (
    mcnemar_power,
    minimum_detectable_difference,
    minimum_detectable_share,
    paired_power,
)
from plumbline.stats.quantification import (
    Prevalence,
    adjusted_count,
    classify_and_count,
    probabilistic_adjusted_count,
    probabilistic_count,
)
from plumbline.stats.ranking import Ranking, bradley_terry, bradley_terry_interval, win_rate

__all__ = [
    "Consistency",
    "Interval",
    "ItemOutcomes",
    "McNemar",
    "PairedDifference",
    "Prevalence",
    "Ranking",
    "RectifiedMean",
    "ReliabilityBin",
    "adjusted_count",
    "benjamini_hochberg",
    "bradley_terry",
    "bradley_terry_interval",
    "brier_score",
    "calibration_error",
    "classify_and_count",
    "cluster_bootstrap",
    "cluster_mean_interval",
    "cluster_ratio_interval",
    "cohen_kappa",
    "cohen_kappa_interval",
    "cohens_h",
    "fleiss_kappa",
    "holm",
    "intra_rater_consistency",
    "item_outcomes",
    "krippendorff_alpha",
    "krippendorff_alpha_interval",
    "mcnemar_exact",
    "mcnemar_power",
    "mcnemar_test",
    "minimum_detectable_difference",
    "minimum_detectable_share",
    "paired_cluster_bootstrap",
    "paired_effect_size",
    "paired_power",
    "percent_agreement",
    "probabilistic_adjusted_count",
    "probabilistic_count",
    "proportion_interval",
    "rectified_mean",
    "reliability_table",
    "sign_flip_test",
    "win_rate",
]
