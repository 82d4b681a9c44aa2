"""Encoder evaluators: one BERT-type encoder for all values, or one a value; needs the extra `local`."""

from importlib.util import find_spec

from plumbline.errors import MissingExtra

for _needed in ("torch", "transformers"):
    if find_spec(_needed) is None:
        raise MissingExtra(_needed, "local")

from plumbline.graders.evaluator.encoder.config import EncoderConfig, as_published  # noqa: E402
from plumbline.graders.evaluator.encoder.evaluator import EncoderEvaluator  # noqa: E402
from plumbline.graders.evaluator.encoder.train import train_encoder  # noqa: E402

__all__ = ["EncoderConfig", "EncoderEvaluator", "as_published", "train_encoder"]
