"""`measure_model`: put a suite to a model, grade what comes back, keep it in a run folder."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from plumbline.errors import InputError, ModelError
from plumbline.files import sha256_json
from plumbline.language import Message
from plumbline.measure.methods import Planned, generate, label_likelihood, reply_likelihood
from plumbline.measure.presentations import VARIANTS, Variant, present
from plumbline.measure.records import METHODS, Method, Record
from plumbline.measure.run import Run, RunFolder, load_run
from plumbline.measure.templates import Template, load_template
from plumbline.models import Generation, Model, load_model
from plumbline.progress import progress
from plumbline.suites import Suite, load_suite
from plumbline.suites.baseline import answer_only_baseline

_REPLY_METHODS: tuple[Method, ...] = ("reply-token", "reply-char", "reply-pmi")
_SHOWN_AT_ONCE = 64

_NO_LIKELIHOOD = Message(
    "模型 {model} 不提供对数概率，不能用方法 {methods}",
    "model {model} gives no likelihoods, so it cannot be asked by {methods}",
)
_USE_GENERATE = Message("改用 --method generate", "use --method generate")
_UNKNOWN_METHOD = Message("没有方法 `{method}`", "there is no method `{method}`")
_UNKNOWN_VARIANT = Message("没有说法 `{variant}`", "there is no wording `{variant}`")
_NOT_FOR_KIND = Message(
    "方法 {methods} 不适用于 {kind} 题", "the methods {methods} do not apply to {kind} items"
)
_AVAILABLE = Message("可用：{names}", "use one of {names}")
_MEASURING = Message("{model} × {suite}", "{model} × {suite}")
_ALL_FAILED = Message(
    "每一次请求都失败了；最后一个错误：{error}", "every request failed; the last error was: {error}"
)
_CHECK_MODEL = Message(
    "检查模型名、密钥和网络，然后重新运行同一条命令",
    "check the model's name, key and network, then run the same command again",
)
_NOTHING_MATCHES = Message(
    "文件里没有这个题集任何一题的回复", "the file holds no reply to any item of this suite"
)
_CHECK_KEY = Message(
    "检查题集，以及用来对应题目的列（{key}）是否正确",
    "check the suite, and the column that tells which item a reply belongs to ({key})",
)


def measure_model(
    model: str | Model,
    suite: str | Path | Suite,
    out: str | Path,
    *,
    methods: Sequence[Method] | None = None,
    variants: Sequence[Variant] = ("original",),
    template: str | None = None,
    generation: Generation | None = None,
    limit: int | None = None,
    name: str | None = None,
    show_progress: bool = False,
    **model_options: Any,
) -> Run:
    """Measure a model on a suite into a run folder, or continue one that was interrupted.

    Each batch of records is on disk before the next begins; started again with the same arguments the run
    goes on where it stopped, and its final records equal those of an undisturbed run.

    Args:
        model: A model or a reference such as `embedded`, `hf/PATH`, `openai/NAME`, `answers/FILE`.
        suite: A suite, or its id or path.
        out: The run folder.
        methods: Of `generate`, `label`, `reply-token`, `reply-char`, `reply-pmi`; by default all that the
            items and the model allow.
        variants: Ways of wording: `original`, `paraphrase`, `en`.
        template: `replies`, `letters` or a YAML file; the suite's own by default.
        generation: Length and sampling of replies.
        limit: Only the first items of the suite, for a trial; the report says so.
        name: What to call the model in reports.
        show_progress: Show a progress bar on standard error.
        **model_options: Passed to `load_model` (dtype, device, ...).

    Raises:
        InputError: A suite, template or method that cannot be used.
        ModelError: No request succeeded.
        RunError: The folder holds another run, or another process is writing it.
    """
    asked = load_model(model, **model_options) if isinstance(model, str) else model
    items = suite if isinstance(suite, Suite) else load_suite(suite)
    items = items if limit is None else items.first(limit)
    wording = load_template(template or items.manifest.template)
    chosen = _choose_methods(methods, items, asked)
    settings = generation or Generation()
    plan = _plan(items, wording, variants, chosen)
    manifest = _manifest(asked, items, wording, variants, chosen, settings, limit, name, len(plan))
    folder = RunFolder(out)
    with folder.locked():
        done = folder.begin(manifest)
        title = _MEASURING(model=name or asked.reference, suite=items.id)
        complete = False
        try:
            with progress(title, len(plan), done=len(done), shown=show_progress) as advance:
                todo = [one for one in plan if (one.shown.id, one.method) not in done]
                for records in _work(plan, todo, asked, settings, folder.path / "logs"):
                    folder.append(records)
                    advance(len(records))
            complete = True
        finally:
            # Also after Ctrl-C: what is there makes a usable, partial run.
            folder.finish(manifest, complete=complete)
    run = load_run(out)
    _refuse_total_failure(run)
    return run


def _choose_methods(methods: Sequence[Method] | None, suite: Suite, model: Model) -> tuple[Method, ...]:
    fitting: tuple[Method, ...] = {
        "choice": METHODS,
        "dilemma": ("generate", "label"),
        "statement": ("generate", "label"),
        "open": ("generate",),
    }[suite.manifest.kind]
    likelihoods = model.scorer() is not None
    if methods is None:
        return fitting if likelihoods else ("generate",)
    for method in methods:
        if method not in METHODS:
            raise InputError(_UNKNOWN_METHOD(method=method), mend=_AVAILABLE(names=", ".join(METHODS)))
    unfit = [method for method in methods if method not in fitting]
    if unfit:
        what = _NOT_FOR_KIND(methods=", ".join(unfit), kind=suite.manifest.kind)
        raise InputError(what, mend=_AVAILABLE(names=", ".join(fitting)))
    unable = [method for method in methods if method != "generate" and not likelihoods]
    if unable:
        what = _NO_LIKELIHOOD(model=model.reference, methods=", ".join(unable))
        raise InputError(what, mend=_USE_GENERATE())
    return tuple(method for method in METHODS if method in methods)


def _plan(
    suite: Suite, template: Template, variants: Sequence[Variant], methods: Sequence[Method]
) -> list[Planned]:
    unknown = [variant for variant in variants if variant not in VARIANTS]
    if unknown:
        raise InputError(_UNKNOWN_VARIANT(variant=unknown[0]), mend=_AVAILABLE(names=", ".join(VARIANTS)))
    shown = present(suite, template, variants)
    plan: list[Planned] = []
    for method in methods:
        # Whole replies are scored after the question alone, so their order on screen plays no part.
        wanted = [
            one for one in shown if method not in _REPLY_METHODS or one.order == tuple(sorted(one.order))
        ]
        plan += [Planned(len(plan) + at, one, method) for at, one in enumerate(wanted)]
    return plan


def _work(
    plan: Sequence[Planned], todo: Sequence[Planned], model: Model, settings: Generation, log_dir: Path
) -> Iterator[list[Record]]:
    """Do what is left, yielding batches of records to be kept.

    Numbers of a local model depend a little on what shares a batch, so batches are cut from the whole plan: a
    batch is done or not done, never done in part, and a continued run computes just what an undisturbed one
    would have.
    """
    left = {one.place for one in todo}
    asked = [one for one in plan if one.method == "generate"]
    batch = getattr(model, "batch_size", None)
    if batch is None:
        rest = [one for one in asked if one.place in left]
        if rest:
            yield from generate(rest, model, settings, log_dir)
    else:
        asked.sort(key=lambda one: (-len(one.shown.prompt), one.place))
        for part in _unfinished(asked, batch, left):
            yield [record for one in generate(part, model, settings, log_dir) for record in one]
    scorer = model.scorer()
    if scorer is None:
        return
    for part in _unfinished([one for one in plan if one.method == "label"], _SHOWN_AT_ONCE, left):
        yield label_likelihood(part, model, scorer)
    replies = sorted(
        (one for one in plan if one.method in _REPLY_METHODS), key=lambda one: (one.shown.id, one.place)
    )
    for part in _unfinished(replies, 3 * _SHOWN_AT_ONCE, left):
        yield reply_likelihood(part, model, scorer)


def _unfinished(planned: Sequence[Planned], size: int, left: set[int]) -> Iterator[Sequence[Planned]]:
    for start in range(0, len(planned), size):
        part = planned[start : start + size]
        if any(one.place in left for one in part):
            yield part


def _manifest(
    model: Model,
    suite: Suite,
    template: Template,
    variants: Sequence[Variant],
    methods: Sequence[Method],
    settings: Generation,
    limit: int | None,
    name: str | None,
    planned: int,
) -> dict[str, Any]:
    described = model.describe()
    baseline = answer_only_baseline(suite)
    return {
        "plumbline": version("plumbline"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": sys.argv,
        "name": name,
        "complete": False,
        "planned": planned,
        "model": {"reference": model.reference, **described},
        "suite": {
            **suite.manifest.model_dump(mode="json"),
            "items": len(suite),
            "dropped": len(suite.dropped),
            "reference": suite.reference,
        },
        "baseline": None if baseline is None else asdict(baseline),
        "frameworks": {
            framework.id: framework.model_dump(mode="json", exclude={"levels"})
            for framework in suite.frameworks.values()
        },
        # What must be equal for a run to be continued, and compared.
        "identity": {
            "model": sha256_json({**described, "reference": model.reference}),
            "suite": suite.hash,
            "frameworks": {f.id: sha256_json(f.model_dump(mode="json")) for f in suite.frameworks.values()},
            "template": template.hash,
            "variants": list(variants),
            "methods": list(methods),
            "generation": {
                "max_tokens": settings.max_tokens,
                "temperature": settings.temperature,
                "seed": settings.seed,
            },
            "limit": limit,
        },
        "versions": _versions(),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in ("torch", "transformers", "tokenizers", "inspect-ai", "numpy", "scikit-learn"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _refuse_total_failure(run: Run) -> None:
    errors = [record["error"] for record in run.records if record["outcome"] == "error"]
    if run.records and len(errors) == len(run.records):
        model = run.manifest["model"]
        if model["kind"] == "answers":
            mend = _CHECK_KEY(key=model["key_column"])
            raise ModelError(_NOTHING_MATCHES(), where=run.name, mend=mend)
        raise ModelError(_ALL_FAILED(error=errors[-1]), where=run.name, mend=_CHECK_MODEL())
