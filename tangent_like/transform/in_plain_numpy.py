"""What is said last, when no analysis reads the text any more: loops over items, and lists without helpers."""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import Function
from tangent_like.kinds.kind import Kind
from tangent_like.transform.in_order import in_order
from tangent_like.transform.lists_of_zeros import lists_of_zeros
from tangent_like.transform.summed_if_spread import summed_if_spread


def in_plain_numpy(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function as an engineer has it; ``kinds`` are those of its names."""
    return summed_if_spread(lists_of_zeros(in_order(function, kinds), kinds), kinds)
