"""Small programs of the kind people write, one family a module; each module lists its own as CASES."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

from case import Case


def load() -> tuple[list[Case], list[str]]:
    """Every case, by module and in order, and what is to be said of modules that cannot be imported."""
    cases: list[Case] = []
    broken: list[str] = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        if info.name.startswith("scipy_") and importlib.util.find_spec("scipy") is None:
            continue
        try:
            cases.extend(getattr(importlib.import_module(f"corpus.{info.name}"), "CASES", []))
        except Exception as error:
            broken.append(f"{info.name}: {type(error).__name__}: {error}")
    return cases, broken
