"""Names for the adjoints and tangents of what has no name."""

from __future__ import annotations

from tangent_like.analysis.typing import Typing
from tangent_like.ir.names import Namer
from tangent_like.kinds.kind import Scalar


def part_name(wanted: str, namer: Namer, typing: Typing) -> str:
    """A name for the adjoint or tangent of what has none: not ``t_bar`` where ``t`` is a variable that has its own."""
    stem, _, ending = wanted.rpartition("_")
    kind = typing.overall.get(stem)
    counts = isinstance(kind, Scalar) and kind.type != "float"
    return namer.fresh(wanted if kind is None or counts else f"part_{ending}")
