"""The linear evaluator on the real ValueCSV5000 (skipped where it is not at hand)."""

import numpy as np
import pytest

from plumbline.graders.evaluator import load_evaluator, load_labelled, score, split_rows, train_linear
from plumbline.graders.evaluator.companion import beside, own_companion
from plumbline.graders.evaluator.split import near_groups


@pytest.mark.slow
def test_five_splits_reach_what_simpler_models_do_not(shared_data, monkeypatch, tmp_path):
    monkeypatch.setenv("PLUMBLINE_DATA", str(shared_data))
    data = load_labelled("valuecsv")
    groups, also = near_groups(data.texts), beside(own_companion(data), data)
    found = []
    for seed in range(5):
        parts = split_rows(data, seed, groups=groups)
        rows = np.sort(np.concatenate([parts.train, parts.validation]))
        evaluator = train_linear(data.take(rows), also=also, groups=groups[rows])
        test = data.take(parts.test)
        p = evaluator.predict(test.texts)
        found.append(score(p, p >= evaluator.thresholds, test.labels, test.values))
    assert np.mean([one.macro_f1 for one in found]) >= 0.595
    assert np.mean([one.micro_f1 for one in found]) >= 0.70
    assert np.mean([one.mean_average_precision for one in found]) >= 0.635
    assert np.mean([one.calibration_error for one in found]) < 0.05
    evaluator.save(tmp_path / "e")
    assert sum(file.stat().st_size for file in (tmp_path / "e").iterdir()) < 10 * 2**20
    assert np.abs(load_evaluator(tmp_path / "e").predict(test.texts) - p).max() < 5e-3
