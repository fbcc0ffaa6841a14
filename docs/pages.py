"""What the pages are read with: their blocks, and their programs as modules."""

# ruff: noqa: INP001

from __future__ import annotations

import atexit
import functools
import importlib.util
import re
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType


def block_after(text: str, marker: str) -> str:
    """The contents of the fenced block after a line."""
    found = re.search(re.escape(marker) + r"\n+```\w*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"no block after {marker}")
    return found[1]


@functools.cache
def folder() -> str:
    """Where the programs of the pages are written, so that they have source."""
    made = tempfile.mkdtemp(prefix="tangent_like-docs-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def load(text: str, name: str) -> ModuleType:
    """A module of this text, from a file of its own."""
    path = Path(tempfile.mkdtemp(dir=folder())) / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # as an import does it: what is declared global is kept in the module
    spec.loader.exec_module(module)
    return module
