"""Import statements as isort and ruff would have them: Python's own first, one line a module, names in order."""

from __future__ import annotations

import sys
from collections.abc import Iterable

Import = tuple[str, str, str]  # the module, what of it (empty: itself), and what it is called here


def import_lines(wanted: Iterable[Import]) -> list[str]:
    """The statements, with an empty line between those of Python's own library and the others."""
    groups: dict[bool, list[Import]] = {True: [], False: []}
    for item in sorted(set(wanted)):
        groups[item[0].partition(".")[0] in sys.stdlib_module_names].append(item)
    blocks = [_block(group) for group in groups.values() if group]
    return [line for k, block in enumerate(blocks) for line in ([""] * (k > 0) + block)]


def _block(group: list[Import]) -> list[str]:
    whole = [(module, name) for module, what, name in group if not what]
    lines = [f"import {m}" if n == m or m.partition(".")[0] == n else f"import {m} as {n}" for m, n in whole]
    of: dict[str, list[str]] = {}
    for module, what, name in group:
        if what:
            of.setdefault(module, []).append(what if what == name else f"{what} as {name}")
    for module in sorted(of, key=str.casefold):
        names = sorted(of[module], key=lambda n: (_rank(n), n.casefold()))
        line = f"from {module} import {', '.join(names)}"
        if len(line) > 88:
            line = "\n".join([f"from {module} import (", *(f"    {n}," for n in names), ")"])
        lines.extend(line.split("\n"))
    return lines


def _rank(name: str) -> int:
    """Constants before classes before functions."""
    return 0 if name.split(" ", maxsplit=1)[0].isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
