"""Encoder evaluators really trained, on a small BERT made here."""

import json
import os
import shutil
import subprocess
from itertools import pairwise

import numpy as np
import pytest
import torch

from plumbline.errors import InputError
from plumbline.graders.evaluator import as_published, load_evaluator, score, train_encoder
from plumbline.graders.evaluator.encoder.batches import cut, order_batches, pad
from plumbline.graders.evaluator.encoder.network import Loss, asymmetric_loss
from tests.factories import two_processes
from tests.graders.evaluator import trainer
from tests.graders.evaluator.factories import FILLER, SIGNS, VALUES, labelled
from tests.graders.evaluator.trainer import TRAIN, VALIDATION, settings


@pytest.fixture(scope="session")
def backbone(tmp_path_factory):
    """A BERT of two layers with fresh weights and a tokenizer of single characters."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    characters = sorted(set(FILLER + "".join(SIGNS.values()) + "，。"))
    (folder / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]), encoding="utf-8"
    )
    tokenizer = BertTokenizerFast.from_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=48, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=96, max_position_embeddings=128,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def without_dropout(backbone, folder):
    shutil.copytree(backbone, folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return str(folder)


@pytest.fixture(scope="module")
def shared(backbone, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    return train_encoder(TRAIN, VALIDATION, settings(backbone), work, device="cpu")


def test_a_shared_encoder_learns_the_planted_values(shared):
    test = labelled(150, seed=2, noise=0.02)
    p = shared.predict(test.texts)
    found = score(p, shared.decide(test.texts), test.labels, test.values)
    assert found.macro_f1 > 0.75
    losses = shared.card["training"]["shared"]["losses"]
    assert losses[-1] < losses[0]


def test_a_saved_encoder_is_loaded_without_pickles_and_predicts_the_same(shared, tmp_path):
    shared.save(tmp_path / "e")
    again = load_evaluator(tmp_path / "e")
    texts = labelled(20, seed=3).texts
    assert np.allclose(again.predict(texts), shared.predict(texts), atol=1e-5)
    suffixes = {file.suffix for file in (tmp_path / "e").rglob("*") if file.is_file()}
    assert suffixes <= {".json", ".safetensors", ".txt"}


def test_predictions_do_not_depend_on_batch_or_padding(shared):
    texts = labelled(30, seed=4).texts
    alone = np.concatenate([shared.predict([text]) for text in texts])
    assert np.allclose(shared.predict(texts), alone, atol=1e-5)


def test_an_encoder_knows_how_far_from_its_training_texts_a_text_is(shared, tmp_path):
    near, far = labelled(20, seed=5).texts, [f"The weather on day {n} was fine." for n in range(20)]
    low = shared.card["domain"]["overlap_low"]
    assert (shared.coverage(near) >= low).mean() > 0.8 and (shared.coverage(far) < low).all()
    shared.save(tmp_path / "e")
    assert np.array_equal(load_evaluator(tmp_path / "e").coverage(near), shared.coverage(near))


def test_leaving_out_the_sign_lowers_the_logit_most(shared):
    text = f"早上下了小雨。{SIGNS['justice']}。孩子们走过街口。"
    why = shared.explain(text)[VALUES.index("justice")]
    assert not why.exact
    assert max(why.sentences, key=lambda part: part.weight).piece == f"{SIGNS['justice']}。"


def test_separate_encoders_start_afresh_for_every_value(backbone, tmp_path):
    config = settings(backbone, heads="separate", epochs=1)
    trained = train_encoder(TRAIN, VALIDATION, config, tmp_path / "work", device="cpu")
    assert len(trained.networks) == len(VALUES)
    assert trained.predict(["下雨了"]).shape == (1, 3)
    # The order of the values plays no part: the last one equals itself trained alone.
    alone = TRAIN.take(range(len(TRAIN))), VALIDATION.take(range(len(VALIDATION)))
    last = [
        type(data)(data.texts, data.labels[:, 2:], data.framework, data.values[2:], (), data.source)
        for data in alone
    ]
    single = train_encoder(*last, config, tmp_path / "alone", device="cpu")
    theirs, ours = single.networks[0].state_dict(), trained.networks[2].state_dict()
    assert all(torch.equal(theirs[name], ours[name]) for name in ours)


class Stopped(Exception):
    pass


def test_a_training_stopped_after_an_epoch_resumes_to_the_same_network(backbone, tmp_path):
    config = settings(backbone, epochs=3)
    whole = train_encoder(TRAIN, VALIDATION, config, tmp_path / "whole", device="cpu")

    def stop(label, progress):
        if progress.epoch == 2:
            raise Stopped

    with pytest.raises(Stopped):
        train_encoder(TRAIN, VALIDATION, config, tmp_path / "halves", device="cpu", on_epoch=stop)
    resumed = train_encoder(TRAIN, VALIDATION, config, tmp_path / "halves", device="cpu")
    first, second = whole.networks[0].state_dict(), resumed.networks[0].state_dict()
    assert all(torch.allclose(first[name], second[name], atol=1e-6) for name in first)
    assert not [file for file in (tmp_path / "halves").rglob("*") if file.suffix in (".bin", ".pt", ".pkl")]


def test_a_folder_with_another_training_is_refused(backbone, tmp_path):
    (tmp_path / "training.json").write_text(json.dumps({"settings": "others"}), encoding="utf-8")
    with pytest.raises(InputError, match="another training"):
        train_encoder(TRAIN, VALIDATION, settings(backbone), tmp_path, device="cpu")


def test_a_backbone_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be loaded"):
        train_encoder(TRAIN, VALIDATION, settings(str(tmp_path / "none")), tmp_path / "work", device="cpu")


def test_training_stops_when_no_epoch_gets_better(backbone, tmp_path):
    config = settings(backbone, epochs=9, patience=1, rate=1e-12, calibrated=False)
    trained = train_encoder(TRAIN.take(range(40)), VALIDATION, config, tmp_path, device="cpu")
    assert len(trained.card["training"]["shared"]["losses"]) == 2


def test_gradients_of_several_small_batches_equal_those_of_one_large(backbone, tmp_path):
    """Without dropout, one step over 32 texts equals one over four times 8."""
    still = without_dropout(backbone, tmp_path / "still")
    some = TRAIN.take(range(32))
    networks = []
    for name, batch, accumulate in (("one", 32, 1), ("four", 8, 4)):
        config = settings(
            still, dropout=0, batch=batch, accumulate=accumulate, epochs=1, warm_up=0, loss="plain"
        )
        trained = train_encoder(some, VALIDATION, config, tmp_path / name, device="cpu")
        networks.append(trained.networks[0].head.weight.detach())
    # Adam's first step is the gradient's sign, so entries whose gradient is nearly nothing may differ.
    assert float((networks[0] - networks[1]).abs().median()) < 1e-6


def test_mixed_precision_trains_to_nearly_the_same_scores(backbone, shared, tmp_path):
    mixed = train_encoder(TRAIN, VALIDATION, settings(backbone, precision="bf16"), tmp_path, device="cpu")
    test = labelled(150, seed=2, noise=0.02)
    found = score(mixed.predict(test.texts), mixed.decide(test.texts), test.labels, test.values)
    assert found.macro_f1 > 0.75
    assert {tensor.dtype for tensor in mixed.networks[0].state_dict().values()} == {torch.float32}
    # It was in force: sums of bf16 products differ.
    losses = [one.card["training"]["shared"]["losses"] for one in (mixed, shared)]
    assert losses[0] != losses[1] and losses[0] == pytest.approx(losses[1], rel=0.1)


def launched(*arguments):
    """Run in two processes on CPUs, as on two GPUs, and return what came of it."""
    command = [*two_processes(29519), *map(str, arguments)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PLUMBLINE_LANG": "en", "ACCELERATE_USE_CPU": "true"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr[-3000:]
    return done


@pytest.mark.slow
def test_two_processes_train_the_network_of_one_that_accumulates(backbone, tmp_path):
    """Each takes every second batch; one process that sums two batches a step sees the same ones."""
    still = without_dropout(backbone, tmp_path / "still")
    given = {"dropout": 0.0, "batch": 8, "epochs": 2, "loss": "plain"}
    some = TRAIN.take(range(160))
    launched(trainer.__file__, still, tmp_path / "work", tmp_path / "two", json.dumps(given))
    alone = train_encoder(
        some, VALIDATION, settings(still, accumulate=2, **given), tmp_path / "one", device="cpu"
    )
    two = load_evaluator(tmp_path / "two")
    assert two.card["processes"] == 2
    ours, theirs = two.networks[0].state_dict(), alone.networks[0].state_dict()
    moved = [float((ours[name].cpu() - theirs[name]).abs().median()) for name in theirs]
    assert max(moved) < 1e-4


@pytest.mark.slow
def test_of_several_processes_one_tests_and_writes(backbone, tmp_path):
    table, target = tmp_path / "t.jsonl", tmp_path / "evaluator"
    rows = [
        {"text": text, **dict(zip(VALUES, map(int, labels), strict=True))}
        for text, labels in zip(TRAIN.texts, TRAIN.labels, strict=True)
    ]
    table.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    done = launched(
        "-m", "plumbline.cli.main", "evaluator", "train", "--data", table, "--kind", "encoder",
        "--backbone", backbone, "--device", "cpu", "--epochs", 1, "--window", 96, "-o", target,
    )  # fmt: skip
    assert done.stdout.count("evaluator written to") == 1
    assert not target.with_name("evaluator.training").exists()
    assert load_evaluator(target).card["processes"] == 2


def test_the_published_settings_are_those_of_the_paper(backbone):
    shared, separate = as_published(backbone, "shared"), as_published(backbone, "separate")
    assert (shared.window, shared.batch, shared.epochs, shared.rate) == (512, 8, 15, 1e-5)
    assert (separate.window, separate.batch, separate.epochs) == (128, 64, 20)
    assert shared.chosen_by == "micro_f1" and not shared.calibrated and shared.most_windows == 1


def test_published_weights_fall_on_both_terms_and_ours_on_the_positive_one():
    positives, logits = torch.tensor([1818.0]), torch.zeros(2, 1)
    labels = torch.tensor([[1.0], [0.0]])
    half = float(torch.log(torch.tensor(2.0)))
    assert float(Loss("published", positives, 5000)(logits, labels)) == pytest.approx(10 * half, rel=1e-5)
    ours = float(Loss("pos_weight", torch.tensor([1000.0]), 5000)(logits, labels))
    assert ours == pytest.approx((4 * half + half) / 2, rel=1e-5)


def test_the_asymmetric_loss_follows_its_equation():
    logits, labels = torch.tensor([[0.3, -1.2]]), torch.tensor([[1.0, 0.0]])
    p = torch.sigmoid(logits)
    shifted = p[0, 1] - 0.05
    expected = -((1 - p[0, 0]) * torch.log(p[0, 0]) + shifted**4 * torch.log(1 - shifted)) / 2
    assert float(asymmetric_loss(logits, labels)) == pytest.approx(float(expected), rel=1e-5)


def test_windows_overlap_cover_the_text_and_end_with_it(backbone):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(backbone)
    text = (FILLER * 3)[:100]
    windows = cut(tokenizer, [text, "雨", ""], window=32, overlap=10, most=99)
    assert [len(one) for one in windows] == [5, 1, 1]
    bodies = [one[1:-1] for one in windows[0]]
    assert all(first[-10:] == second[:10] for first, second in pairwise(bodies[:-1]))
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    assert bodies[0] == ids[:30] and bodies[-1] == ids[-30:]


def test_a_batch_is_padded_to_its_own_longest_window_only():
    batch = pad([[[1, 2, 3]], [[1, 2], [3]], [[9] * 50]], [0, 1], padding=0)
    assert batch.ids.tolist() == [[1, 2, 3], [1, 2, 0], [3, 0, 0]]
    assert batch.mask.sum().item() == 6 and batch.owner.tolist() == [0, 1, 1]


def test_batches_hold_texts_of_like_length_and_every_text_once():
    windows = [[[1] * n] for n in np.random.default_rng(0).integers(1, 90, 200)]
    batches = order_batches(windows, 8, seed=3)
    assert sorted(row for rows in batches for row in rows) == list(range(200))
    spread = [
        max(len(windows[r][0]) for r in rows) - min(len(windows[r][0]) for r in rows) for rows in batches
    ]
    assert np.mean(spread) < 10


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
@pytest.mark.parametrize("precision", ["no", "bf16", "fp16"])
def test_training_on_a_gpu_reaches_the_same_scores(backbone, precision, tmp_path):
    trained = train_encoder(TRAIN, VALIDATION, settings(backbone, precision=precision), tmp_path)
    assert next(trained.networks[0].parameters()).device.type == "cuda"
    test = labelled(150, seed=2, noise=0.02)
    found = score(trained.predict(test.texts), trained.decide(test.texts), test.labels, test.values)
    assert found.macro_f1 > 0.75
    assert {tensor.dtype for tensor in trained.networks[0].state_dict().values()} == {torch.float32}
