"""The page docs/functions.md: every function in the table of rules, with the arguments that are known."""

# ruff: noqa: INP001

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tangent_like.rules.describe import Known, known_functions, restrictions, signature

PAGE = Path(__file__).resolve().parent / "functions.md"


def functions() -> str:
    """A table a family: each function with its arguments, and those that carry derivatives."""
    out: list[str] = []
    family = ""
    for known in known_functions():
        if known.is_constant:
            continue
        if known.family != family:
            family = known.family
            out += ["", f"## {family[0].upper()}{family[1:]}", "", "| | differentiated in | |", "|---|---|---|"]
        out += [row(known, k) for k in range(len(known.rules)) if known.rules[k].form != "constant"]
    return "\n".join(out[1:])


def row(known: Known, which: int) -> str:
    rule = known.rules[which]
    call = f"{known.name}{signature(rule)}" if len(known.name) > 2 else known.name
    cells = [f"`{call}`", ", ".join(rule.differentiable), "; ".join(restrictions(rule))]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells).rstrip() + " |"


BLOCKS: dict[str, Callable[[], str]] = {"functions": functions}
