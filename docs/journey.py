"""One program through every stage of the compiler: the blocks that docs/architecture.md shows.

They are what ``tangent-like grad ... --passes`` prints, made by the same code.
"""

# ruff: noqa: INP001

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pages import block_after, load

import tangent_like as tl
from tangent_like import pipeline
from tangent_like.frontend import normalize, source
from tangent_like.ir import nodes
from tangent_like.ir.walk import statements
from tangent_like.kinds.kind import kind_of_value, sizes_of_value
from tangent_like.request import Request
from tangent_like.show.program import as_emitted
from tangent_like.show.stages import Journey, difference, ledger, stage_text
from tangent_like.transform.stages import Stage, Swept

PAGE = Path(__file__).resolve().parent / "architecture.md"


@functools.cache
def journey() -> tuple[pipeline.Derivative, Journey, Any, dict[str, Any]]:
    """The page's program differentiated: its derivative, what each stage found, itself, its arguments."""
    text = block_after(PAGE.read_text(encoding="utf-8"), "<!-- program -->")
    settle = load("import numpy as np\n\n\n" + text, "model").settle
    args = {"x": np.array([0.4, 0.9, 0.7, 1.3]), "w": np.ones(4), "k": 0.5}
    kinds = {name: kind_of_value(value, name) for name, value in args.items()}
    sizes: dict[str, int] = {}
    for name, value in args.items():
        sizes.update(sizes_of_value(value, name))
    found = Journey()
    request = Request(("x", "k"), guards=True)
    derived = pipeline.differentiate(source.from_function(settle), request, kinds, sizes, found)
    return derived, found, settle, args


def stage(name: str) -> Stage:
    (found,) = journey()[1].named(name)
    return found


def shown(name: str) -> Callable[[], str]:
    return lambda: stage_text(stage(name))


def tree(value: Any) -> str:
    """A node with what is in it, without where it stood."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = [
            tree(getattr(value, f.name))
            for f in fields(value)
            if f.name not in ("at", "origin") and getattr(value, f.name) != f.default
        ]
        return f"{type(value).__name__}({', '.join(parts)})"
    return repr(value)


def node() -> str:
    stores = [s for s in statements(stage("lower").function.body) if isinstance(s, nodes.Store)]
    return "\n".join(textwrap.wrap(tree(stores[0]), 96, subsequent_indent="    ", break_long_words=False))


def normalized() -> str:
    """The example of the module's own docstring: the page's program has one return."""
    assert normalize.__doc__ is not None
    return textwrap.dedent(normalize.__doc__.partition("\n\n")[2])


def sizes() -> str:
    return ledger(journey()[0].sizes)


def sweeps() -> tuple[list[str], list[str]]:
    """The sweeps before and after what nobody needs is dropped."""
    fact = stage("live").fact
    assert isinstance(fact, Swept)
    return as_emitted((*fact.before[0], *fact.before[1])), as_emitted((*fact.front, *fact.back))


def swept() -> str:
    return "\n".join(sweeps()[0])


def dropped() -> str:
    return difference(*sweeps()) or "(nothing)"


def emitted() -> str:
    return str(journey()[0].text())


def forward() -> str:
    _, _, f, args = journey()
    return tl.jacfwd(f, ("x", "k")).source_for(**args)


def shadows() -> str:
    text = block_after(PAGE.read_text(encoding="utf-8"), "<!-- program of shadows -->")
    f = load("import numpy as np\n\n\n" + text, "model").held
    return tl.grad(f).source_for(np.array([0.4, 0.9]), True)


def guarded() -> str:
    text = block_after(PAGE.read_text(encoding="utf-8"), "<!-- program of guards -->")
    f = load("import numpy as np\n\n\n" + text, "model").half
    return tl.grad(f).source_for(np.array([0.4, 0.9]))


def stages() -> str:
    assert pipeline.__doc__ is not None
    return pipeline.__doc__.partition("\n\n")[2]


BLOCKS: dict[str, Callable[[], str]] = {
    "stages": stages,
    "lowered": shown("lower"),
    "node": node,
    "normalized": normalized,
    "inferred": shown("infer"),
    "ledger": sizes,
    "aliased": shown("aliases"),
    "active": shown("activity"),
    "exposed": shown("expose"),
    "readied": shown("ready"),
    "planned": shown("plans"),
    "records": shown("record"),
    "swept": swept,
    "dropped": dropped,
    "tidied": shown("tidy"),
    "emitted": emitted,
    "forward": forward,
    "shadows": shadows,
    "guarded": guarded,
}
