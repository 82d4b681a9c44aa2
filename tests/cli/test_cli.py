"""The command line as people meet it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from tests.factories import listen_to_interrupts, write_answers, write_suite


def plumbline(*arguments, language="en", cwd=None):
    environment = {**os.environ, "PLUMBLINE_LANG": language, "COLUMNS": "160"}
    command = [sys.executable, "-m", "plumbline.cli.main", *map(str, arguments)]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True)


def test_frameworks_are_listed_and_shown():
    assert "core-socialist-values" in plumbline("frameworks").stdout
    shown = plumbline("frameworks", "show", "core-socialist-values", language="zh").stdout
    assert "富强" in shown and "声明者" in shown


def test_the_language_option_decides_help_and_errors():
    assert "测量" in plumbline("--lang", "zh", "--help").stdout
    wrong = plumbline("--lang", "zh", "frameworks", "show", "schwarz")
    assert wrong.returncode == 2
    assert "是否想写" in wrong.stderr


def test_an_error_is_one_sentence_without_traceback(tmp_path):
    wrong = plumbline("measure", "--model", "nonsense", "--suite", "plumb-choice", "-o", tmp_path / "run")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
    assert len(wrong.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_measure_compare_and_report(tmp_path, language):
    suite = write_suite(tmp_path / "suite")
    for name, reply in (("a", "[回复1]更好。"), ("b", "[回复2]更好。")):
        answers = write_answers(tmp_path / f"{name}.jsonl", suite, reply)
        done = plumbline(
            "measure", "-m", f"answers/{answers}", "-s", suite, "-o", tmp_path / name, language=language
        )
        assert done.returncode == 0, done.stderr
        assert "50.0%" in done.stdout
    compared = plumbline("compare", tmp_path / "a", tmp_path / "b", language=language)
    assert ("没有证据" if language == "zh" else "no evidence") in compared.stdout
    page = tmp_path / "r.html"
    reported = plumbline("report", tmp_path / "a", tmp_path / "b", "-o", page, "--lang", language)
    assert reported.returncode == 0, reported.stderr
    assert page.stat().st_size > 10_000
    table = plumbline("report", tmp_path / "a", "--csv").stdout
    assert table.startswith("model,suite,method")


def test_every_verb_has_help_in_both_languages():
    from plumbline.cli.main import app

    names = [group.name for group in app.registered_groups] + [c.name for c in app.registered_commands]
    assert {"frameworks", "suites", "measure", "compare", "report", "export"} <= set(names)
    for name in names:
        chinese = plumbline(name, "--help", language="zh")
        assert chinese.returncode == 0, chinese.stderr
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese.stdout)


def test_a_report_in_a_language_there_is_not_is_refused(tmp_path):
    wrong = plumbline("report", tmp_path, "--lang", "fr")
    assert wrong.returncode == 2
    assert "'zh', 'en'" in wrong.stderr


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path):
    suite = write_suite(tmp_path / "suite")
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    wrong = plumbline("measure", "-m", f"answers/{answers}", "-s", suite, "-o", answers)
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
    assert str(answers) in wrong.stderr


def test_plain_data_goes_to_new_folders(tmp_path):
    suite = write_suite(tmp_path / "suite")
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    assert not plumbline(
        "measure", "-m", f"answers/{answers}", "-s", suite, "-o", tmp_path / "run"
    ).returncode
    assert not plumbline("report", tmp_path / "run", "--csv", "-o", tmp_path / "new" / "r.csv").returncode
    assert (tmp_path / "new" / "r.csv").read_text(encoding="utf-8").startswith("model,suite")


def test_an_interrupted_measurement_says_how_to_go_on(tmp_path):
    suite = write_suite(tmp_path / "suite")
    command = [sys.executable, "-m", "plumbline.cli.main", "--lang", "en", "measure", "-m", "embedded"]
    command += ["-s", str(suite), "-o", str(tmp_path / "run"), "--batch-size", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=listen_to_interrupts)
    journal = tmp_path / "run" / "journal.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not journal.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run the same command again" in said


@pytest.mark.parametrize(
    ("arguments", "package", "extra"),
    [
        (("measure", "-m", "vllm/any", "-s", "plumb-choice", "-o", "run"), "inspect_ai", "api"),
        (("score", "--model", "embedded", "--input", "rows.jsonl", "-o", "out.jsonl"), "torch", "local"),
        (("ifd", "--model", "embedded", "--input", "rows.jsonl", "-o", "out.jsonl"), "torch", "local"),
        (("tune", "estimate", "embedded"), "torch", "local"),
        (("tune", "merge", "adapter", "-o", "out"), "torch", "local"),
        (("tune", "embedded", "-o", "out"), "trl", "tune"),
        (("build", "no-model", "--engine", "ray", "-o", "data"), "ray", "scale"),
        (("review", "list"), "sqlalchemy", "review"),
    ],
)
def test_a_part_that_is_not_installed_is_named_with_the_command_that_installs_it(
    tmp_path, arguments, package, extra
):
    (tmp_path / "rows.jsonl").write_text(
        '{"context": "a", "continuation": "b", "instruction": "a", "output": "b"}\n', encoding="utf-8"
    )
    # None in sys.modules is how Python itself marks a module that cannot be imported.
    code = f"import sys; sys.modules[{package!r}] = None; from plumbline.cli.main import main; main()"
    environment = {**os.environ, "PLUMBLINE_LANG": "en"}
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert f"pip install 'plumbline[{extra}]'" in run.stderr.replace("\n", " "), run.stderr


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (("mesure",), "是否想写 'measure'", "did you mean 'measure'"),
        (("report",), "缺少参数 'runs'", "the argument 'runs' is missing"),
        (("measure", "-m", "embedded", "-s", "x", "-o", "y", "--limit", "0"), "应当不小于 1", "1 or more, not `0`"),
        (("export", "--suite", "plumb-choice", "--to", "csv", "d"), "不在 'lm-eval' 之中", "is not one of 'lm-eval'"),
        (("measure", "-m", "embedded/x", "-s", "plumb-choice", "-o", "y"), "内置模型只有一个", "only one is built in"),
    ],
)  # fmt: skip
def test_a_wrong_command_is_one_sentence_in_either_language(tmp_path, arguments, zh, en):
    for language, words in (("zh", zh), ("en", en)):
        wrong = plumbline(*arguments, language=language, cwd=tmp_path)
        assert wrong.returncode == 2
        assert words in wrong.stderr
        assert len(wrong.stderr.strip().splitlines()) == 1


def test_a_comparison_in_json_is_json_where_nothing_was_lost_too(tmp_path):
    suite = write_suite(tmp_path / "suite")
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    plumbline("measure", "-m", f"answers/{answers}", "-s", suite, "-o", tmp_path / "a")

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    text = plumbline("compare", tmp_path / "a", tmp_path / "a", "--json").stdout
    assert json.loads(text, parse_constant=refuse)[0]["suite"] == "small"
