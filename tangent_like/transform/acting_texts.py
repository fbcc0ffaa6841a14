"""Does a function call, within a text, what does more than give a value? ``specialize`` looks into such a text."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.errors import DifferentiationError
from tangent_like.ir.nodes import Function, UserFunction
from tangent_like.specialize.acting_texts import called_in_texts, does_more
from tangent_like.transform.lowered import functions_in


def text_acts(
    function: Function, read: Callable[[UserFunction], Function], changed_by: Callable[[UserFunction], frozenset[str]]
) -> bool:
    pending = list(called_in_texts(function))
    seen: set[UserFunction] = set()
    while pending:
        target = pending.pop()
        if target in seen:
            continue
        seen.add(target)
        try:
            if changed_by(target) or does_more(read(target).body):
                return True
            pending.extend(functions_in(read(target)))
        except DifferentiationError:
            continue  # it stays in the text, as it is
    return False
