"""Recipes: the YAML that lists sources and steps."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from plumbline.build import messages as m
from plumbline.build.formats import FORMATS
from plumbline.build.step import Step
from plumbline.build.steps import BuiltInStep
from plumbline.build.steps.load import Load
from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.frameworks.framework import Identifier, NonEmpty
from plumbline.schema_messages import explain

_BUILT_IN = Path(__file__).parent / "recipes"


class PythonStep(BaseModel):
    """A step of the user's own: a class in a module that can be imported."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: Literal["python"]
    call: str = Field(pattern=r"^[\w.]+:\w+$", description="module:Class, a subclass of Step")
    options: dict[str, Any] = Field(default_factory=dict, description="the class's own fields")

    def resolve(self) -> Step:
        """Import the class and make the step.

        Raises:
            InputError: There is no such class, it is no step, or its options are wrong.
        """
        module, _, name = self.call.partition(":")
        try:
            found = getattr(import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise InputError(
                m.NO_STEP_CLASS(call=self.call, detail=error), mend=m.MEND_STEP_CLASS()
            ) from error
        if not (isinstance(found, type) and issubclass(found, Step)):
            raise InputError(m.NOT_A_STEP(call=self.call), mend=m.MEND_STEP_CLASS())
        try:
            return found(**self.options)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(map(str, first["loc"]))
            what, mend = explain(first)
            raise InputError(what, where=f"{self.call}, {field}", mend=mend) from error


StepEntry = Annotated[BuiltInStep | PythonStep, Field(discriminator="step")]


class Source(BaseModel):
    """Rows from one place, with the steps only they go through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Identifier = Field(description="goes into ids and, unless rows bring their own, the field `source`")
    load: Load
    steps: tuple[StepEntry, ...] = ()


class Price(BaseModel):
    """What a model costs, per million tokens, in any one currency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class Recipe(BaseModel):
    """How a data set is built."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Identifier
    title: NonEmpty | None = Field(default=None, description="for the data card")
    description: str = Field(default="", description="for the data card")
    licence: NonEmpty | None = Field(default=None, description="of the data set as a whole")
    framework: NonEmpty = Field(default="core-socialist-values", description="id or YAML path")
    seed: int = Field(default=0, description="all chance comes from it")
    shard_rows: int = Field(default=20_000, ge=1, description="rows of a shard")
    sources: tuple[Source, ...] = Field(min_length=1)
    steps: tuple[StepEntry, ...] = Field(default=(), description="for the rows of all sources together")
    exports: tuple[Literal[FORMATS], ...] = Field(default=(), description="formats written at the end")  # type: ignore[valid-type]
    prices: dict[str, Price] = Field(
        default_factory=dict, description="model reference -> price per million tokens"
    )
    concurrency: int = Field(default=16, ge=1, description="calls of one model under way at once")
    decontaminate: Literal["every suite of the framework", "none"] = Field(
        default="every suite of the framework",
        description="`none` switches off the check that is otherwise added when no step does it",
    )

    @model_validator(mode="after")
    def _names_differ(self) -> Recipe:
        names = [source.name for source in self.sources]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(m.SOURCE_TWICE(name=name))
        return self


def load_recipe(reference: str | Path) -> tuple[Recipe, Path]:
    """Load a recipe by path, or one of ours by name.

    Returns:
        The recipe, and the folder relative paths in it start from.

    Raises:
        InputError: No such recipe, or one that does not satisfy the schema; names line, field and mend.
    """
    path = Path(reference)
    if not path.suffix and str(reference) in list_recipes():
        path = _BUILT_IN / f"{reference}.yaml"
    if not path.is_file() and not path.suffix:
        raise InputError(m.NO_RECIPE(name=reference), mend=m.CHOOSE_RECIPE(names=", ".join(list_recipes())))
    return load_document(path, Recipe), path.resolve().parent


def list_recipes() -> list[str]:
    """Return the names of the recipes that come with the package."""
    return sorted(path.stem for path in _BUILT_IN.glob("*.yaml"))


def resolve(entry: Any) -> Step:
    """Return the step an entry of a recipe stands for."""
    if isinstance(entry, PythonStep):
        return entry.resolve()
    step: Step = entry
    return step


def parse_step(values: dict[str, Any]) -> Step:
    """Make a step from plain values, as a recipe would hold them."""
    adapter: TypeAdapter[Any] = TypeAdapter(StepEntry)
    return resolve(adapter.validate_python(values))
