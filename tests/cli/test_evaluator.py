"""`plumbline evaluator` and `plumbline profile`, as people type them."""

import json

import pytest
from tests.graders.evaluator.factories import labelled
from typer.testing import CliRunner

from plumbline.cli.main import app
from plumbline.graders.evaluator import load_evaluator, load_labelled, train_linear

RUN = CliRunner()


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    data = labelled(240)
    path = tmp_path_factory.mktemp("data") / "labelled.jsonl"
    rows = [
        {"text": text, **dict(zip(data.values, map(int, labels), strict=True))}
        for text, labels in zip(data.texts, data.labels, strict=True)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(table, tmp_path_factory):
    target = tmp_path_factory.mktemp("evaluators") / "mine"
    done = RUN.invoke(app, ["evaluator", "train", "--data", str(table), "-o", str(target)])
    assert done.exit_code == 0, done.output
    return target


def test_training_keeps_a_test_part_and_shows_its_scores(folder):
    card = load_evaluator(folder).card
    assert card["split"] == {"seed": 0, "test_rows": 24}
    assert card["quality"]["test"]["rows"] == 24 and card["data"]["rows"] == 216


def test_training_says_whether_it_learnt_from_our_own_texts_and_may_be_told_not_to(table, tmp_path):
    said, silent = (
        RUN.invoke(app, ["evaluator", "train", "--data", str(table), "-o", str(tmp_path / name), *more])
        for name, more in (("own", []), ("none", ["--also", "none"]))
    )
    used = load_evaluator(tmp_path / "own").card["also"]["used"]
    assert ("written by a machine" if used else "left out") in said.output
    assert "paragraphs" in said.output and "paragraphs" not in silent.output
    assert "also" not in load_evaluator(tmp_path / "none").card


def test_testing_on_texts_that_were_learnt_from_beside_the_data_is_said_to_flatter(tmp_path):
    own = load_labelled("paragraphs")
    evaluator = train_linear(own.take(range(200)), penalties=(1.0,), rounds=0)
    evaluator.card |= {"data": {"sha256": "another"}, "also": {"sha256": own.source["sha256"], "used": True}}
    evaluator.save(tmp_path / "e")
    done = RUN.invoke(app, ["evaluator", "test", str(tmp_path / "e"), "--data", "paragraphs"])
    assert "too good" in done.output


def test_testing_on_the_same_data_uses_only_the_part_left_out(folder, table):
    done = RUN.invoke(app, ["evaluator", "test", str(folder), "--data", str(table), "--json"])
    assert json.loads(done.stdout)["rows"] == 24


def test_prediction_writes_a_line_a_text_with_values_named_by_framework(folder, tmp_path):
    texts, target = tmp_path / "t.jsonl", tmp_path / "out.jsonl"
    texts.write_text('{"text": "邻里和睦相处。"}\n{"text": "下雨了。"}\n', encoding="utf-8")
    done = RUN.invoke(app, ["evaluator", "predict", str(folder), str(texts), "-o", str(target)])
    assert done.exit_code == 0, done.output
    first, second = map(json.loads, target.read_text(encoding="utf-8").splitlines())
    assert "core-socialist-values/harmony" in first["values"]
    assert first["probabilities"]["harmony"] > second["probabilities"]["harmony"]


def test_a_profile_page_is_written(folder, tmp_path):
    answers = tmp_path / "a.csv"
    answers.write_text(
        "question,x,y\n问一,邻里和睦相处。,好\n问二,好,坏\n问三,邻里和睦相处。,行\n", encoding="utf-8"
    )
    page = tmp_path / "p.html"
    done = RUN.invoke(app, ["profile", str(answers), "--evaluator", str(folder), "-o", str(page)])
    assert done.exit_code == 0, done.output
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_profile_page_says_that_the_evaluator_learnt_from_texts_of_a_machine(folder, tmp_path):
    evaluator = load_evaluator(folder)
    evaluator.card["also"] = {"rows": 563, "authored": "machine", "used": True}
    evaluator.save(tmp_path / "e")
    answers, page = tmp_path / "a.csv", tmp_path / "p.html"
    answers.write_text("question,x,y\n问一,邻里和睦相处。,好\n问二,好,坏\n问三,行,好\n", encoding="utf-8")
    done = RUN.invoke(app, ["profile", str(answers), "--evaluator", str(tmp_path / "e"), "-o", str(page)])
    assert done.exit_code == 0, done.output
    assert "563" in page.read_text(encoding="utf-8") and "written by a machine" in page.read_text("utf-8")


def test_an_encoder_without_a_backbone_says_what_to_give(table, tmp_path):
    done = RUN.invoke(
        app, ["evaluator", "train", "--data", str(table), "--kind", "encoder", "-o", str(tmp_path / "e")]
    )
    assert "--backbone" in str(done.exception)
