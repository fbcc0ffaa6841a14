"""Write the derivatives that we accept: below each primal of the pairs, and of the examples.

    python tests/goldens/accept.py          # rewrite them; then review what changed
    python tests/goldens/accept.py --check  # say what would change

`features.py` and `accepted_targets.py` hold pairs; everything from a line `# accepted` to the next line
that begins with `# -- ` is ours to write. `heat_rod.py` and the like are what the command line writes for
the examples.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
for _place in (str(ROOT), str(HERE.parent)):
    if _place not in sys.path:
        sys.path.insert(0, _place)

import numpy as np

PAIRED = ("features", "accepted_targets")
EXAMPLES = {
    "accepted_heat_rod": ("heat_rod", "misfit", "conductivity"),
    "accepted_gmm": ("gmm", "log_likelihood", "alphas,means,icf"),
    "accepted_pendulum": ("pendulum", "cost", "torque"),
    "accepted_learning_rates": ("learning_rates", "after_training", "log_rates"),
    "accepted_variational": ("variational", "bound", "mean,log_width"),
    "accepted_equilibrium": ("equilibrium", "misfit", "W,U,v"),
    "accepted_neural_ode": ("neural_ode", "misfit", "A,b,B"),
    "accepted_newton": ("newton", "loss", "w"),
    "accepted_networks": ("networks", "through_time", "W,u,b,v"),
    "accepted_reversible": ("reversible", "loss", "F,G,E,v"),
    "accepted_quadratic_program": ("quadratic_program", "misfit", "w"),
    "accepted_bundle": ("bundle", "error", "p"),
}
BEGIN, SECTION = "# accepted\n", "# -- "


def load(path: Path) -> ModuleType:
    """A file as a module of its own, known to nobody else."""
    spec = importlib.util.spec_from_file_location(f"golden_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def mode(pair: dict[str, Any]) -> str:
    return pair.get("mode", "grad")


def derivative(pair: dict[str, Any]) -> str:
    """The text of a pair's derivative, without the imports that every file has at its top."""
    import tangent_like as tl

    df = getattr(tl, mode(pair))(pair["of"], pair["wrt"])
    known = pair.get("known", True)
    text = df.source_for(*pair["at"](np.random.default_rng(0))) if known else df.source
    lines = [line for line in text.splitlines() if line not in ("import math", "import numpy as np")]
    return "\n".join(lines).strip("\n") + "\n"


def sections(text: str) -> Iterator[str]:
    """The parts of a file, each from its line ``# -- title ---``."""
    start = 0
    while start >= 0:
        end = text.find(f"\n{SECTION}", start + 1)
        yield text[start:] if end < 0 else text[start : end + 1]
        start = end if end < 0 else end + 1


def paired_text(name: str) -> str:
    """A file of pairs with its accepted texts as they are now."""
    path = HERE / f"{name}.py"
    pairs = {p["of"].__name__: p for p in load(path).PAIRS}
    out = ""
    for section in sections(path.read_text(encoding="utf-8")):
        own = section.partition(BEGIN)[0].rstrip("\n") + "\n"
        found = [p for function, p in pairs.items() if f"\ndef {function}(" in own]
        assert len(found) <= 1, f"two pairs in one section: {own}"
        out += own
        if found:
            out += f"\n\n{BEGIN}{derivative(found[0])}"
        out += "\n\n"
    return out.rstrip("\n") + "\n"


def example_text(name: str) -> str:
    """What ``tangent-like grad examples/FILE.py:FUNCTION --wrt ... -o tests/goldens/NAME.py`` writes."""
    from tangent_like.cli.grad import generate
    from tangent_like.cli.target import find

    file, function, wrt = EXAMPLES[name]
    source = find(os.path.relpath(ROOT / "examples" / f"{file}.py"), function)
    return generate(source, tuple(wrt.split(",")), "grad", True, str(HERE / f"{name}.py"))


def text_of(name: str) -> str:
    return example_text(name) if name in EXAMPLES else paired_text(name)


def main(argv: list[str]) -> int:
    changed = 0
    for name in (*PAIRED, *EXAMPLES):
        path = HERE / f"{name}.py"
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = text_of(name)
        if new != old:
            changed += 1
            print("would change" if "--check" in argv else "changed", path.relative_to(ROOT))
            if "--check" not in argv:
                path.write_text(new, encoding="utf-8")
    print(f"{changed} changed")
    return changed if "--check" in argv else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
