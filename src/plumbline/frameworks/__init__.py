"""Value frameworks as data: declared sets of values, from the package or from a user's YAML."""

from plumbline.frameworks.framework import Framework, Level, Text, Value
from plumbline.frameworks.loader import list_frameworks, load_framework, split_value

__all__ = ["Framework", "Level", "Text", "Value", "list_frameworks", "load_framework", "split_value"]
