"""Which metrics an expression asks for."""

from __future__ import annotations

import re

_OPERATORS = frozenset({"and", "or", "unless", "bool", "offset"})
_LABELS = re.compile(r"\{[^{}]*\}")
_RANGES = re.compile(r"\[[^\]]*\]")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_NAME = re.compile(r"(?<![\w:.])[a-zA-Z_:][\w:]*+(?!\s*\()")


def metrics_in(expression: str) -> set[str]:
    """The names in an expression that are neither functions, nor operators, nor labels. Matchers hold no braces here."""
    bare = _GROUPING.sub(" ", _RANGES.sub(" ", _LABELS.sub(" ", expression)))
    return {name for name in _NAME.findall(bare) if name not in _OPERATORS}
