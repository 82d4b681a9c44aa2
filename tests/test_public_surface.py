"""The public face: flat, locked, light to import."""

import subprocess
import sys

import plumbline


def test_every_public_name_is_there():
    assert all(getattr(plumbline, name) is not None for name in plumbline.__all__)


def test_the_public_names_are_these():
    assert set(plumbline.__all__) == PUBLIC


def test_a_module_never_hides_a_public_name():
    import plumbline.measure
    import plumbline.report

    assert all(callable(getattr(plumbline, name)) for name in plumbline.__all__ if name != "__version__")


def test_importing_costs_no_heavy_package():
    code = "import plumbline, plumbline.cli.main, sys; print(*sorted(set(sys.modules) & set(HEAVY)))"
    heavy = ["torch", "transformers", "inspect_ai", "ray", "sklearn", "fastapi", "scipy", "altair", "trl"]
    code = code.replace("HEAVY", repr(heavy))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


PUBLIC = {
    "Choice",
    "Comparison",
    "Dilemma",
    "Framework",
    "Generation",
    "InputError",
    "MissingExtra",
    "Model",
    "ModelError",
    "Open",
    "PlumblineError",
    "Run",
    "RunError",
    "Scorer",
    "Scores",
    "Statement",
    "Suite",
    "Summary",
    "Value",
    "__version__",
    "check_suite",
    "compare",
    "detect_refusal",
    "export_lm_eval",
    "judge_answers",
    "list_frameworks",
    "list_suites",
    "load_evaluator",
    "load_framework",
    "load_model",
    "load_run",
    "load_scorer",
    "load_suite",
    "loglikelihood",
    "measure_model",
    "parse_choice",
    "prove_models",
    "rank_values",
    "summarise",
    "tune_model",
    "write_proof",
    "write_report",
}
