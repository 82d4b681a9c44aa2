"""The verbs tune and chat as typed."""

import pytest
from typer.testing import CliRunner

from plumbline.cli.main import app
from plumbline.errors import InputError
from plumbline.tune import list_recipes

_RUN = CliRunner()


def test_recipes_are_listed() -> None:
    shown = _RUN.invoke(app, ["tune", "recipes"]).output
    assert all(name[:12] in shown for name in list_recipes())


def test_an_estimate_names_its_parts() -> None:
    shown = _RUN.invoke(app, ["tune", "estimate", "embedded"]).output
    assert "optimizer" in shown
    assert "0.05 GB" in shown  # two moments of four bytes for each of 5.8 million parameters


@pytest.mark.parametrize(
    ("words", "said"),
    [(["tune", "embedded"], "where to write"), (["tune", "no-such", "-o", "x"], "no recipe `no-such`")],
)
def test_a_slip_is_one_sentence(words: list[str], said: str) -> None:
    result = _RUN.invoke(app, words)
    assert isinstance(result.exception, InputError)
    assert said in str(result.exception)


def test_two_models_reply_side_by_side_until_the_input_ends() -> None:
    words = ["chat", "-m", "embedded", "--beside", "embedded", "--max-tokens", "6"]
    result = _RUN.invoke(app, words, input="你好\n/new\n你好\n")
    assert result.exit_code == 0
    assert result.stdout.count("embedded") == 4
