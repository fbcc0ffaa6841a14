"""What is known of the names of an emitted function: those of the primal, and of their adjoints and tangents."""

from __future__ import annotations

from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.derive import Prepared
from tangent_like.transform.forward import Carrying


def known_tangents(carrying: Carrying) -> dict[str, Kind]:
    """The kinds of the primal's names and of their tangents."""
    kinds = dict(carrying.typing.overall)
    return kinds | {dot: kinds[name] for name, dot in carrying.sweep.dots.items() if name in kinds}


def known_kinds(prepared: Prepared) -> dict[str, Kind]:
    """The kinds of the primal's names and of their adjoints, in whichever sweep they stand, and of numbers brought."""
    kinds = {n: k for n, k in prepared.returned.env.items() if isinstance(k, Scalar)} | dict(prepared.typing.overall)
    bars = prepared.sweep.bars
    brought = {n: Array(k.dims, k.dtype) if isinstance(k, Array) else k for n, k in prepared.sweep.brought.items()}
    return kinds | brought | {bar: prepared.sweep.kind(name) for name, bar in bars.items() if name in kinds}


def known_in_halves(prepared: Prepared) -> dict[str, Kind]:
    """The same of a function that ours call, and the dtypes of the adjoints that those bring, of whichever shape."""
    brought = {n: Array(None, k.dtype) for n, k in prepared.returned.env.items() if isinstance(k, Array)}
    return brought | known_kinds(prepared)
