"""Models: a reference string in, something that answers out."""

from plumbline.models.loader import load_model
from plumbline.models.model import Answer, ChatMessage, Generation, Model, Prompt
from plumbline.models.reference import Reference, parse_reference

__all__ = [
    "Answer",
    "ChatMessage",
    "Generation",
    "Model",
    "Prompt",
    "Reference",
    "load_model",
    "parse_reference",
]
