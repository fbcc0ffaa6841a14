"""Names that begin with two underscores: inside a class they are other names.

Before                                   After

    class Spline:                            class Spline:
        def at(self, x):                         def at(self, x):
            return self.__row(x)                     return self._Spline__row(x)

Python compiles them so; what we write stands in no class, and has to say it.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import Any

PRIVATE = re.compile(r"\b__(?!\w*__\b)\w")


def class_around(qualname: str) -> str:
    """The name of the class that a function is written in; empty if in none."""
    parts = qualname.split(".")
    inside = [a for a, b in pairwise(parts) if "<locals>" not in (a, b)]
    return inside[-1] if inside else ""


def with_private_names(tree: Any, text: str, around: str = "") -> Any:
    """The tree, changed in place, of this text; ``around`` is the class that it stands in."""
    if PRIVATE.search(text):
        _rename(tree, around.lstrip("_"))
    return tree


def _rename(node: Any, cls: str) -> None:
    for field in ("attr", "id", "arg", "name", "asname"):
        name = getattr(node, field, None)
        imported = field == "name" and isinstance(node, ast.alias)
        if cls and isinstance(name, str) and not imported and PRIVATE.match(name) and not isinstance(node, ast.keyword):
            setattr(node, field, f"_{cls}{name}")
    inside = node.name.lstrip("_") if type(node).__name__ == "ClassDef" else cls
    for child in ast.iter_child_nodes(node):
        _rename(child, inside)
