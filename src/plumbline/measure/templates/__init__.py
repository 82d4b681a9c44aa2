"""How items are worded for a model: templates as data, Chinese and English."""

from plumbline.measure.templates.template import Template, Wording, load_template

__all__ = ["Template", "Wording", "load_template"]
