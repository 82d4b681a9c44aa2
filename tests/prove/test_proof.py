"""A whole proof on the embedded model: measured, compared, written, read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.models import Generation
from plumbline.prove import Proof, load_proof, prove_models
from plumbline.prove.card import write_model_card
from plumbline.prove.contamination import contaminated_items
from plumbline.prove.text import read_general
from plumbline.report.proof import write_proof
from plumbline.suites import load_suite
from plumbline.tune import tune_model
from tests.tune.factories import recipe_file, write_rows

_SUITES = ("plumb-choice", "plumb-honesty", "plumb-overrefusal", "plumb-dilemma", "plumb-open")


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """One step of tuning on a row that is a test item, and the proof of it on few items."""
    folder = tmp_path_factory.mktemp("proof")
    item = load_suite("plumb-honesty").items[0]
    row = {"instruction": item.question, "input": "", "output": item.options[item.answer]}
    rows = write_rows(folder / "rows.jsonl", [row])
    schedule = {"max_steps": 1, "batch": 1, "per_device": 1, "learning_rate": 0.001}
    tuned = tune_model(recipe_file(folder, "embedded", rows, schedule=schedule), folder / "model")
    return prove_models(
        "embedded",
        tuned.reference,
        folder / "proof",
        suites=_SUITES,
        generation=Generation(max_tokens=4),
        names={tuned.reference: "tuned"},
        limit=2,
    )


def test_all_quantities_are_there_and_families_apart(proof: Proof) -> None:
    found = proof.findings["tuned"]
    names = {(one.name, one.family) for one in found}
    assert {("accuracy", "aim"), ("accuracy", "side"), ("answers-harmless", "side")} <= names
    assert {
        ("same-in-orders", "steady"),
        ("same-in-paraphrase", "steady"),
        ("same-in-english", "steady"),
    } <= names
    assert {("served", "leaning"), ("surprise-general", "side")} <= names


def test_a_test_item_in_the_data_is_named_beside_its_numbers(proof: Proof) -> None:
    first = load_suite("plumb-honesty").items[0].id
    assert proof.facts["contaminated"]["plumb-honesty"] == [first]
    touched = [one for one in proof.findings["tuned"] if one.suite == "plumb-honesty"]
    assert all(one.contaminated == 1 and one.clean is not None for one in touched)
    assert all(one.clean.items == one.items - 1 for one in touched if one.clean)


def test_the_data_looked_through_is_what_the_training_record_names(proof: Proof) -> None:
    assert proof.facts["checked_data"]
    assert [Path(one).name for one in proof.facts["data"]] == ["rows.jsonl"]


def test_an_evaluator_reads_the_replies_to_open_questions(proof: Proof) -> None:
    seen = [one for one in proof.findings["tuned"] if one.family == "seen"]
    assert {one.suite for one in seen} == {"plumb-overrefusal", "plumb-open"}
    assert len({one.part for one in seen}) == 12
    assert all(0 < one.before < 1 and one.better == "neither" for one in seen)
    assert proof.facts["seen"]["tuned"]["demonstration"]


def test_general_text_found_in_the_data_is_named_and_taken_out(tmp_path: Path, proof: Proof) -> None:
    texts = read_general()
    rows = write_rows(tmp_path / "seen.jsonl", [{"text": texts[2][1]}])
    assert contaminated_items([rows], [], texts, {}) == {"general-text": ["2"]}


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two models are called x"):
        prove_models("embedded", ["hf/a", "hf/b"], tmp_path, names={"hf/a": "x", "hf/b": "x"})


def test_the_proof_reads_back_as_it_was(proof: Proof) -> None:
    again = load_proof(proof.folder)
    assert [str(one) for one in again.findings["tuned"]] == [str(one) for one in proof.findings["tuned"]]
    assert list(again.runs) == ["embedded", "tuned"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_needs_nothing_from_outside(proof: Proof, tmp_path: Path, language: str) -> None:
    page = write_proof(proof, tmp_path / "proof.html", language=language).read_text(encoding="utf-8")  # type: ignore[arg-type]
    assert "<script" not in page
    assert "src=" not in page
    side = "副作用" if language == "zh" else "side effects"
    assert side in page
    assert load_suite("plumb-honesty").items[0].id in page


def test_the_card_speaks_of_origin_results_and_risk_in_both_languages(proof: Proof, tmp_path: Path) -> None:
    chinese, english = write_model_card(proof, proof.facts["after"][0].removeprefix("hf/"), tmp_path)
    text = english.read_text(encoding="utf-8")
    assert text.startswith("---\nlanguage:")
    for wanted in ("Before and after", "side effects", "Unsuitable", "Risk warning", "SHA-256"):
        assert wanted in text
    assert "风险提示" in chinese.read_text(encoding="utf-8")


def test_a_model_is_not_compared_with_itself(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="same model"):
        prove_models("embedded", "embedded", tmp_path)


def test_what_people_judged_stands_beside_what_was_measured(proof: Proof, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    run = next(iter(proof.runs.values()))[0]
    grades = [{"item_id": record["item_id"], "criterion": "safe", "score": 1.0} for record in run.records]
    pq.write_table(pa.Table.from_pylist(grades), run.path / "human.parquet")
    page = write_proof(proof, tmp_path / "p.html", language="en").read_text(encoding="utf-8")
    (run.path / "human.parquet").unlink()
    assert "people</td>" in page
