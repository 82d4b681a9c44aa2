"""The linear evaluator: it finds what was planted, says why, and its files cannot be tampered with."""

import json

import numpy as np
import pytest

from plumbline.errors import InputError
from plumbline.frameworks import load_framework
from plumbline.graders.evaluator import load_evaluator, score, train_linear
from plumbline.stats import probabilistic_adjusted_count, probabilistic_count
from tests.graders.evaluator.factories import SIGNS, VALUES, labelled


@pytest.fixture(scope="module")
def evaluator():
    return train_linear(labelled(600), penalties=(0.3,))


def test_planted_values_are_found_in_texts_it_has_not_seen(evaluator):
    test = labelled(300, seed=9)
    p = evaluator.predict(test.texts)
    found = score(p, evaluator.decide(test.texts), test.labels, test.values)
    # One sign in ten is wrong by design, which bounds what can be reached.
    assert found.macro_f1 > 0.75 and found.micro_f1 > 0.8
    assert found.calibration_error < 0.08


def test_probabilities_do_not_depend_on_the_texts_beside(evaluator):
    texts = labelled(40, seed=3).texts
    together = evaluator.predict(texts)
    assert np.allclose(together, np.concatenate([evaluator.predict([text]) for text in texts]), atol=1e-6)


def test_ngram_and_sentence_contributions_sum_to_the_logit(evaluator):
    for text in labelled(20, seed=5).texts:
        for one in evaluator.explain(text):
            assert one.exact
            for parts in (one.grams, one.sentences):
                assert one.intercept + sum(part.weight for part in parts) == pytest.approx(
                    one.logit, abs=1e-4
                )


def test_the_sentence_with_the_sign_speaks_for_the_value(evaluator):
    text = f"早上下了小雨。{SIGNS['justice']}。孩子们走过街口。"
    why = evaluator.explain(text)[VALUES.index("justice")]
    assert max(why.sentences, key=lambda part: part.weight).piece == f"{SIGNS['justice']}。"


def test_a_saved_evaluator_predicts_the_same_to_half_precision(evaluator, tmp_path):
    evaluator.save(tmp_path / "e")
    again = load_evaluator(tmp_path / "e")
    texts = labelled(50, seed=4).texts
    assert np.abs(again.predict(texts) - evaluator.predict(texts)).max() < 2e-3
    assert again.labels == VALUES and again.framework.id == "core-socialist-values"
    assert (again.held_out.labels == evaluator.held_out.labels).all()


def test_the_folder_holds_json_and_safetensors_only(evaluator, tmp_path):
    evaluator.save(tmp_path / "e")
    assert {file.suffix for file in (tmp_path / "e").iterdir()} == {".json", ".safetensors"}


def test_equal_data_and_seed_give_equal_evaluators():
    first, second = (train_linear(labelled(200), penalties=(0.3,)) for _ in range(2))
    assert (first.weights == second.weights).all() and (first.thresholds == second.thresholds).all()


@pytest.mark.parametrize("change", ["weights", "threshold", "seal", "missing"])
def test_a_folder_that_was_changed_is_refused(evaluator, tmp_path, change):
    evaluator.save(tmp_path / "e")
    weights, manifest = tmp_path / "e" / "weights.safetensors", tmp_path / "e" / "evaluator.json"
    if change == "weights":
        data = bytearray(weights.read_bytes())
        data[-1] ^= 1
        weights.write_bytes(data)
    elif change == "missing":
        weights.unlink()
    else:
        held = json.loads(manifest.read_text(encoding="utf-8"))
        if change == "threshold":
            held["thresholds"][0] += 0.1
        else:
            del held["seal"]
        manifest.write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(InputError, match="changed"):
        load_evaluator(tmp_path / "e")


def test_an_evaluator_of_another_framework_is_refused(evaluator, tmp_path):
    evaluator.save(tmp_path / "e")
    with pytest.raises(InputError, match="belongs to the framework"):
        load_evaluator(tmp_path / "e", framework="vad")


def test_a_framework_whose_definitions_changed_is_another_one(evaluator, tmp_path):
    evaluator.save(tmp_path / "e")
    framework = load_framework("core-socialist-values")
    values = tuple(
        value.model_copy(update={"definition": value.name}) if value.id == "justice" else value
        for value in framework.values
    )
    with pytest.raises(InputError, match="belongs to the framework"):
        load_evaluator(tmp_path / "e", framework=framework.model_copy(update={"values": values}))


def test_a_folder_without_an_evaluator_says_how_to_get_one(tmp_path):
    with pytest.raises(InputError, match="evaluator train"):
        load_evaluator(tmp_path)


def test_adjusted_prevalence_recovers_what_was_planted_where_the_plain_mean_is_drawn_home():
    """Training has harmony in half the texts; the targets have it in a tenth to nine tenths."""
    noisy = train_linear(labelled(800, noise=0.25), penalties=(0.3,))
    held = noisy.held_out
    plain, adjusted, covered = [], [], 0
    for planted in (0.1, 0.3, 0.7, 0.9):
        target = labelled(800, seed=int(100 * planted), shares=(planted, 0.3, 0.2), noise=0.25)
        truth = target.labels[:, 0].mean()
        p = noisy.predict(target.texts)[:, 0]
        found = probabilistic_adjusted_count(p, held.probabilities[:, 0], held.labels[:, 0], resamples=400)
        plain.append(abs(probabilistic_count(p).estimate - truth))
        adjusted.append(abs(found.prevalence.estimate - truth))
        covered += truth in found.prevalence
    assert max(adjusted) < 0.1 < np.mean(plain)
    assert covered >= 3


def test_the_embedded_evaluator_is_small_labelled_as_a_demonstration_and_sees_values():
    embedded = load_evaluator("embedded")
    assert embedded.card["demonstration"] and embedded.card["authored"] == "machine"
    assert len(embedded.labels) == 12
    honest = embedded.predict(["店主发现多收了钱，连夜打电话把多收的退给顾客，说做买卖要讲信用。"])[0]
    weather = embedded.predict(["明天多云转晴，气温十五到二十三度，偏北风二级。"])[0]
    assert honest[embedded.labels.index("integrity")] > weather[embedded.labels.index("integrity")]
