"""`plumbline evaluator`: train, test and use classifiers that see values in text."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.table import Table

from plumbline.cli.console import err, out
from plumbline.graders.evaluator import messages as m

if TYPE_CHECKING:
    from plumbline.graders.evaluator import Evaluator, LabelledSet, Scores, Split

app = typer.Typer(help=m.EVALUATOR_HELP(), no_args_is_help=True)
_Data = Annotated[str, typer.Option("--data", "-d", help=m.DATA_HELP())]
_Columns = Annotated[Path | None, typer.Option(help=m.COLUMNS_HELP())]
_Framework = Annotated[str, typer.Option(help=m.FRAMEWORK_HELP())]


@app.command(help=m.TRAIN_HELP())
def train(
    data: _Data,
    folder: Annotated[Path | None, typer.Option("--out", "-o", help=m.EVALUATOR_OUT_HELP())] = None,
    kind: Annotated[Literal["linear", "encoder"], typer.Option(help=m.KIND_HELP())] = "linear",
    columns: _Columns = None,
    framework: _Framework = "core-socialist-values",
    split: Annotated[int, typer.Option(help=m.SPLIT_HELP())] = 0,
    characters: Annotated[int, typer.Option(min=1, max=3, help=m.CHARACTERS_HELP())] = 2,
    also: Annotated[str, typer.Option(help=m.ALSO_HELP())] = "own",
    backbone: Annotated[str | None, typer.Option(help=m.BACKBONE_HELP())] = None,
    heads: Annotated[Literal["shared", "separate"], typer.Option(help=m.HEADS_HELP())] = "shared",
    published: Annotated[bool, typer.Option("--as-published", help=m.AS_PUBLISHED_HELP())] = False,
    epochs: Annotated[int | None, typer.Option(min=1, help=m.EPOCHS_HELP())] = None,
    batch: Annotated[int | None, typer.Option(min=1, help=m.BATCH_HELP())] = None,
    accumulate: Annotated[int | None, typer.Option(min=1, help=m.ACCUMULATE_HELP())] = None,
    rate: Annotated[float | None, typer.Option(help=m.RATE_HELP())] = None,
    window: Annotated[int | None, typer.Option(min=8, help=m.WINDOW_HELP())] = None,
    loss: Annotated[Literal["pos_weight", "asymmetric"] | None, typer.Option(help=m.LOSS_HELP())] = None,
    precision: Annotated[Literal["no", "bf16", "fp16"] | None, typer.Option(help=m.PRECISION_HELP())] = None,
    device: Annotated[str | None, typer.Option(help=m.DEVICE_HELP())] = None,
) -> None:
    """Train on the training and validation rows of a seeded split, and test on the rest."""
    from plumbline.graders.evaluator import load_labelled
    from plumbline.graders.evaluator.split import split_in_order, split_rows

    labelled = load_labelled(data, columns=columns, framework=framework)
    _say_rows(labelled)
    folder = folder or Path("evaluators") / f"{Path(data).stem}-{heads if kind == 'encoder' else kind}"
    given = {
        "epochs": epochs, "batch": batch, "accumulate": accumulate, "rate": rate, "window": window,
        "loss": loss, "precision": precision,
    }  # fmt: skip
    in_order = kind == "encoder" and published and heads == "shared"
    parts = split_in_order(labelled) if in_order else split_rows(labelled, split)
    if kind == "linear":
        trained: Evaluator = _train_linear(
            labelled, parts, characters, split, folder, _companion(also, labelled)
        )
    else:
        options = {name: value for name, value in given.items() if value is not None}
        trained = _train_encoder(labelled, parts, backbone, heads, published, options, folder, device)
        if not _is_main_process():
            return  # started by `accelerate launch`: one process tests and writes
    test_rows = labelled.take(parts.test)
    found = _score(trained, test_rows)
    trained.card["split"] = {"seed": None if in_order else split, "test_rows": len(test_rows)}
    trained.card["quality"]["test"] = found.to_json()
    trained.save(folder)  # type: ignore[attr-defined]
    # What a resumed training would need is of no more use, and twelve encoders' worth of it is large.
    shutil.rmtree(_checkpoints(folder), ignore_errors=True)
    out.print(_table(trained, found))
    out.print(m.EVALUATOR_WRITTEN(folder=folder), markup=False, soft_wrap=True)


def _companion(also: str, labelled: LabelledSet) -> LabelledSet | None:
    """Return what is learnt from beside the data."""
    from plumbline.graders.evaluator import load_labelled
    from plumbline.graders.evaluator.companion import beside, own_companion

    if also == "none":
        return None
    if also != "own":
        given = load_labelled(also, framework=labelled.framework.id)
        _say_rows(given)
        return beside(given, labelled)
    own = own_companion(labelled)
    return None if own is None else beside(own, labelled)


def _train_linear(
    labelled: LabelledSet, parts: Split, characters: int, seed: int, folder: Path, also: LabelledSet | None
) -> Evaluator:
    import numpy as np

    from plumbline.graders.evaluator import train_linear

    # Folds within these rows do what a validation part would, and no row is spent on it.
    rows = np.sort(np.concatenate([parts.train, parts.validation]))
    trained = train_linear(labelled.take(rows), also=also, characters=characters, seed=seed, name=folder.name)
    if learnt := trained.card.get("also"):
        said = m.ALSO_USED if learnt["used"] else m.ALSO_LEFT_OUT
        err.print(said(n=learnt["rows"], name=learnt["name"]), markup=False, soft_wrap=True)
        if learnt["used"] and learnt.get("authored") == "machine":
            err.print(m.ALSO_BY_MACHINE(), markup=False, soft_wrap=True)
    return trained


def _train_encoder(
    labelled: LabelledSet,
    parts: Split,
    backbone: str | None,
    heads: Literal["shared", "separate"],
    published: bool,
    options: dict[str, Any],
    folder: Path,
    device: str | None,
) -> Evaluator:
    from plumbline.errors import InputError
    from plumbline.graders.evaluator import EncoderConfig, as_published, train_encoder

    if backbone is None:
        raise InputError(m.NO_BACKBONE(), mend=m.GIVE_BACKBONE())
    base = as_published(backbone, heads) if published else EncoderConfig(backbone=backbone, heads=heads)
    config = EncoderConfig.model_validate({**base.model_dump(), **options})
    return train_encoder(
        labelled.take(parts.train),
        labelled.take(parts.validation),
        config,
        _checkpoints(folder),
        name=folder.name,
        device=device,
        on_epoch=lambda label, progress: err.print(
            m.EPOCH(
                name=label,
                n=progress.epoch,
                loss=f"{progress.losses[-1]:.4f}",
                score=f"{progress.scores[-1]:.4f}",
            ),
            markup=False,
        ),
    )


def _checkpoints(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.training")


def _is_main_process() -> bool:
    from accelerate import PartialState

    return bool(PartialState().is_main_process)


@app.command(help=m.TEST_HELP())
def test(
    folder: Annotated[str, typer.Argument(help=m.EVALUATOR_ARGUMENT_HELP())],
    data: _Data,
    columns: _Columns = None,
    framework: _Framework = "core-socialist-values",
    split: Annotated[int | None, typer.Option(help=m.TEST_SPLIT_HELP())] = None,
    as_json: Annotated[bool, typer.Option("--json", help=m.JSON_HELP())] = False,
) -> None:
    """Score an evaluator on labelled rows; of the data it was trained on, on the test part."""
    from plumbline.graders.evaluator import load_evaluator, load_labelled

    evaluator = load_evaluator(folder)
    labelled = load_labelled(data, columns=columns, framework=framework)
    rows = _unseen_rows(evaluator, labelled, split)
    found = _score(evaluator, rows)
    if as_json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        out.print(_table(evaluator, found))


def _unseen_rows(evaluator: Evaluator, labelled: LabelledSet, split: int | None) -> LabelledSet:
    """Return the test part of the split asked for or trained on; all rows of data it was not trained on."""
    from plumbline.graders.evaluator.split import split_in_order, split_rows

    known = evaluator.card.get("split", {})
    if split is not None:
        return labelled.take(split_rows(labelled, split).test)
    also = evaluator.card.get("also", {})
    if also.get("used") and also["sha256"] == labelled.source["sha256"]:
        err.print(m.SAME_DATA(), markup=False, soft_wrap=True)
        return labelled
    if evaluator.card["data"].get("sha256") != labelled.source["sha256"]:
        return labelled
    if "seed" not in known:
        err.print(m.SAME_DATA(), markup=False, soft_wrap=True)
        return labelled
    # Without a seed it was the order of the file, as ValueCSV's script has it.
    parts = split_in_order(labelled) if known["seed"] is None else split_rows(labelled, known["seed"])
    return labelled.take(parts.test)


@app.command(help=m.PREDICT_HELP())
def predict(
    folder: Annotated[str, typer.Argument(help=m.EVALUATOR_ARGUMENT_HELP())],
    texts: Annotated[Path, typer.Argument(help=m.TEXTS_HELP())],
    column: Annotated[str, typer.Option("--text", help=m.TEXT_COLUMN_HELP())] = "text",
    target: Annotated[Path | None, typer.Option("--out", "-o", help=m.PREDICT_OUT_HELP())] = None,
) -> None:
    """Write one JSON line a text: probabilities and the values decided for."""
    from plumbline.errors import InputError, place
    from plumbline.files import atomic_write
    from plumbline.graders.evaluator import load_evaluator
    from plumbline.rows import read_rows

    evaluator = load_evaluator(folder)
    rows = list(read_rows(texts))
    for number, row in rows:
        if column not in row:
            raise InputError(
                m.NO_COLUMN(column=column), where=place(texts, row=number), mend=m.GIVE_TEXT_COLUMN()
            )
    probabilities = evaluator.predict([str(row[column] or "") for _, row in rows])
    lines = [
        json.dumps({**row, "probabilities": dict(zip(evaluator.labels, one, strict=True)), "values": decided},
                   ensure_ascii=False, default=str)
        for (_, row), one, decided in zip(
            rows, probabilities.round(4).tolist(), _decided(evaluator, probabilities), strict=True
        )
    ]  # fmt: skip
    if target is None:
        sys.stdout.writelines(line + "\n" for line in lines)
        return
    with atomic_write(target) as handle:
        handle.writelines(line + "\n" for line in lines)
    err.print(m.PREDICTED(n=len(lines), file=target), markup=False, soft_wrap=True)


def _decided(evaluator: Evaluator, probabilities: Any) -> list[list[str]]:
    reference = evaluator.framework.id
    return [
        [f"{reference}/{value}" for value, yes in zip(evaluator.labels, row, strict=True) if yes]
        for row in probabilities >= evaluator.thresholds
    ]


def _say_rows(labelled: LabelledSet) -> None:
    from plumbline.graders.evaluator.labelled import RULES

    card = labelled.card()
    err.print(m.ROWS_USED(n=len(labelled), name=card["name"]), markup=False)
    for reason, count in card["dropped"].items():
        err.print(m.ROWS_DROPPED(n=count, rule=RULES[reason]()), markup=False)


def _score(evaluator: Evaluator, rows: LabelledSet) -> Scores:
    from plumbline.errors import InputError
    from plumbline.graders.evaluator import score

    if evaluator.labels != rows.values:
        raise InputError(m.OTHER_VALUES(), mend=m.USE_FRAMEWORK())
    probabilities = evaluator.predict(rows.texts)
    return score(probabilities, probabilities >= evaluator.thresholds, rows.labels, rows.values)


def _table(evaluator: Evaluator, found: Scores) -> Table:
    title = m.SCORES_TITLE(
        rows=found.rows,
        macro=f"{found.macro_f1:.3f}",
        micro=f"{found.micro_f1:.3f}",
        ap=f"{found.mean_average_precision:.3f}",
        accuracy=f"{found.label_accuracy:.3f}",
        exact=f"{found.exact_match:.3f}",
        error=f"{found.calibration_error:.3f}",
    )
    table = Table(title=title, box=None, pad_edge=False, title_justify="left")
    table.add_column(m.COLUMN_VALUE())
    columns = (
        m.COLUMN_PREVALENCE, m.COLUMN_PRECISION, m.COLUMN_RECALL, m.COLUMN_F1, m.COLUMN_AP, m.COLUMN_ERROR
    )  # fmt: skip
    for column in columns:
        table.add_column(column(), justify="right")
    for value, one in found.values.items():
        numbers = (
            one.prevalence,
            one.precision,
            one.recall,
            one.f1,
            one.average_precision,
            one.calibration_error,
        )
        table.add_row(evaluator.framework.value(value).name(), *(f"{number:.3f}" for number in numbers))
    return table
