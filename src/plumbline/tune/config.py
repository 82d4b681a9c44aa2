"""Tuning recipes: what to tune, on what, how; typed, so that a slip in a name is refused and not ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.tune import messages as m

RECIPES = Path(__file__).parent / "recipes"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lora(_Part):
    """A low-rank adapter: few parameters are trained, the base stays as it is (arXiv:2106.09685)."""

    rank: int = Field(default=16, ge=1, description="rank of the adapter matrices")
    alpha: int = Field(default=32, ge=1, description="scale; the adapter counts alpha / rank times")
    dropout: float = Field(default=0.0, ge=0, lt=1, description="dropout before the adapter")
    targets: tuple[str, ...] | Literal["all-linear"] = Field(
        default="all-linear", description="modules that get an adapter; every linear layer but the head"
    )
    quantise: bool = Field(
        default=False, description="keep the base in 4 bits (QLoRA, arXiv:2305.14314); needs bitsandbytes"
    )


class Data(_Part):
    """What to train on.

    A data set that `plumbline build` made (its folder) or table files. The columns say what a row is:
    `instruction, input, output` (VAD), `prompt, completion`, `messages`, `prompt, chosen, rejected`, or
    `text`.
    """

    paths: tuple[str, ...] = Field(min_length=1, description="data set folders or files, read in this order")
    limit: int | None = Field(default=None, ge=1, description="only the first rows, for a trial")
    validation: float = Field(
        default=0.0, ge=0, lt=1, description="share set aside to watch the loss, where the data has no split"
    )
    too_long: Literal["drop", "cut", "refuse"] = Field(
        default="drop", description="rows over max_length; what is dropped or cut is counted and named"
    )


class Schedule(_Part):
    """How long and how fast."""

    epochs: float = Field(default=3.0, gt=0, description="passes over the data")
    max_steps: int | None = Field(default=None, ge=1, description="stop after so many steps instead")
    batch: int = Field(default=16, ge=1, description="rows (or packed rows) of one step, over all devices")
    per_device: int = Field(
        default=1, ge=1, description="rows a device takes at once; the rest is accumulated"
    )
    learning_rate: float | None = Field(
        default=None, gt=0, description="peak; by default it fits the stage and whether an adapter is trained"
    )
    warmup: float = Field(default=0.03, ge=0, lt=1, description="share of the steps that warm up")
    decay: Literal["cosine", "linear", "constant"] = Field(default="cosine", description="after the warm-up")
    weight_decay: float = Field(default=0.0, ge=0, description="of AdamW")
    clip: float = Field(default=1.0, gt=0, description="largest norm of the gradient")
    seed: int = Field(default=0, description="of shuffling, adapters and dropout")


class Saving(_Part):
    """Checkpoints and logs."""

    every: int = Field(default=100, ge=1, description="steps between checkpoints")
    keep: int = Field(default=2, ge=1, description="checkpoints kept")
    tensorboard: bool = Field(default=False, description="also write TensorBoard files")


class Overlap(_Part):
    """Test items must not be in the training data."""

    suites: tuple[str, ...] | None = Field(
        default=None, description="suites that will prove the model; all our own by default"
    )
    strict: bool = Field(default=False, description="refuse to start when an item is found")


class _Recipe(_Part):
    base: str = Field(description="`embedded`, or folder or hub name of the model to tune")
    revision: str | None = Field(default=None, description="of a hub model")
    data: Data
    lora: Lora | None = Field(
        default=None, description="train an adapter; without it all weights are trained"
    )
    max_length: int = Field(default=1024, ge=8, description="tokens of a row at most")
    packing: bool = Field(
        default=True, description="put several rows in one, none of which sees another (cpt, sft)"
    )
    dtype: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto", description="of computing; auto: bfloat16 on a GPU that has it, else float32"
    )
    checkpointing: bool | None = Field(
        default=None, description="recompute activations to save memory; on a GPU by default"
    )
    schedule: Schedule = Schedule()
    saving: Saving = Saving()
    overlap: Overlap = Overlap()

    @model_validator(mode="after")
    def _quantised_needs_gpu_type(self) -> _Recipe:
        if self.lora and self.lora.quantise and self.dtype == "float32":
            raise ValueError(m.QUANTISED_FLOAT32())
        return self


class Cpt(_Recipe):
    """Continued pre-training on raw text."""

    stage: Literal["cpt"]


class Sft(_Recipe):
    """Instruction tuning; only the answers carry loss."""

    stage: Literal["sft"]


class Preference(_Recipe):
    """Preference tuning on better and worse answers.

    `dpo` (arXiv:2305.18290) holds the model near its start by a reference; `simpo` (arXiv:2405.14734) needs
    none: it compares log-probabilities per token and asks for a margin.
    """

    stage: Literal["preference"]
    packing: Literal[False] = False
    method: Literal["dpo", "simpo"] = "dpo"
    beta: float | None = Field(
        default=None, gt=0, description="scale of the reward; .1 for dpo and 2 for simpo by default"
    )
    margin: float = Field(default=0.5, ge=0, description="simpo: margin asked for, over beta")


Recipe = Cpt | Sft | Preference


class _Stage(BaseModel):
    """The one field every recipe has; it says which others there are."""

    stage: Literal["cpt", "sft", "preference"]


_BY_STAGE: dict[str, type[Recipe]] = {"cpt": Cpt, "sft": Sft, "preference": Preference}


# Peak learning rates by stage, with an adapter and without.
_RATES = {"cpt": (1e-4, 2e-5), "sft": (1e-4, 1e-5), "preference": (5e-6, 5e-7)}


def learning_rate(recipe: Recipe) -> float:
    """Return the peak learning rate in force."""
    with_adapter, without = _RATES[recipe.stage]
    return recipe.schedule.learning_rate or (with_adapter if recipe.lora else without)


def list_recipes() -> list[str]:
    """Return the names of the recipes that come with the package."""
    return sorted(path.stem for path in RECIPES.glob("*.yaml"))


def load_recipe(reference: str | Path) -> Recipe:
    """Read a recipe by the name of one of ours or by path; relative data paths are relative to its file.

    Raises:
        InputError: Names the file, line, field and mend.
    """
    name = str(reference)
    path = RECIPES / f"{name}.yaml" if name in list_recipes() else Path(name)
    if not path.is_file():
        raise InputError(m.NO_RECIPE(name=name), mend=m.KNOWN_RECIPES(names=", ".join(list_recipes())))
    recipe = load_document(path, _BY_STAGE[load_document(path, _Stage).stage])
    return recipe.model_copy(update={"data": _placed(recipe.data, path.parent)})


def _placed(data: Data, folder: Path) -> Data:
    """Find data beside the recipe, and otherwise from the working folder."""
    paths = tuple(str(folder / one) if (folder / one).exists() else one for one in data.paths)
    return data.model_copy(update={"paths": paths})
