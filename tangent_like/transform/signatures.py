"""The user's annotations on the functions that are emitted: on their parameters, and of what they return.

Before                                              After

    def loss(w: "F[np.ndarray, 'd']", k: float):        def grad_loss(w: NDArray[np.float64], k: float) -> ...

What the emitted text can import stays as it was written. jaxtyping's annotations become those of NumPy, which
nobody has to install; of the user's own classes, which need not be there, it is ``Any``.
"""

from __future__ import annotations

import ast
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tangent_like.analysis.annotated import text_of_live, written_out
from tangent_like.frontend.resolve import FileScope, LiveScope
from tangent_like.ir.nodes import Function, Global, Library, Opaque, Param, Ref, Target
from tangent_like.kinds.annotation import kind_of_annotation, parsed
from tangent_like.kinds.kind import Array
from tangent_like.request import Request

NP = Ref("np", Library("numpy", "", np))
NDARRAY = Ref("NDArray", Library("numpy.typing", "NDArray", npt.NDArray))
ANY = Ref("Any", Library("typing", "Any", Any))
ANYTHING = Opaque("Any", (), (ANY,))
SAVED = Opaque("tuple[Any, ...]", (), (Ref("tuple", Library("builtins", "tuple", tuple)), ANY))


def annotated(function: Function, scope: object) -> Function:
    """The function as it is read, its annotations as the emitted text may have them."""
    if not any(p.annotation for p in function.params) and not function.returns:
        return function
    texts = dict.fromkeys((*(p.annotation for p in function.params), function.returns))
    notes = {text: note_of(text, scope) for text in texts}
    params = tuple(replace(p, note=notes[p.annotation]) for p in function.params)
    return replace(function, params=params, note=notes[function.returns])


def note_of(text: str, scope: object, depth: int = 0) -> Opaque | None:
    """An annotation, as the emitted text may have it."""
    node = parsed(text)
    if node is None or not isinstance(scope, FileScope | LiveScope):
        return None
    names = dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
    targets = {name: _own(scope.lookup(name)) for name in names}
    if all(_importable(t) for t in targets.values()) and _evaluates(node, targets):
        refs = tuple(Ref(n, t, (1, 0)) for n, t in targets.items())
        return Opaque(ast.unparse(node), (), refs)
    meant = written_out(text, scope) if isinstance(scope, FileScope) else _live(node, targets)
    kind = kind_of_annotation(meant, "_")
    if isinstance(kind, Array):
        return _array(kind.dtype)
    if depth == 0 and isinstance(node, ast.Name) and meant != node.id:  # an alias: of what can be imported, maybe
        return note_of(meant, scope, 1)
    return ANYTHING


def _own(target: Target) -> Target:
    """``NDArray`` says itself that it is ``ndarray``; an alias of the user's is no thing of a library."""
    if isinstance(target, Library) and typing.get_origin(target.obj) is not None:
        return NDARRAY.target if target.obj is npt.NDArray else Global("", target.qualname, target.obj)
    return target


def _array(dtype: str | None) -> Opaque:
    if dtype is None:
        return Opaque("NDArray[Any]", (), (NDARRAY, ANY))
    return Opaque(f"NDArray[np.{'bool_' if dtype == 'bool' else dtype}]", (), (NDARRAY, NP))


def _live(node: ast.expr, targets: Mapping[str, Target]) -> str:
    """The annotation with what live names stand for: aliases, and other names of what is imported."""

    class Written(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            target = targets[name.id]
            value = target.value if isinstance(target, Global) else None
            if typing.get_origin(value) is None and not isinstance(value, type):
                return name
            found = parsed(text_of_live(value))
            return name if found is None else found

    meant: ast.expr = Written().visit(node)
    return ast.unparse(meant)


def _importable(target: Target) -> bool:
    return isinstance(target, Library) and target.module.partition(".")[0] not in ("jaxtyping", "tangent_like")


def _evaluates(node: ast.expr, targets: Mapping[str, Target]) -> bool:
    """Can it stand where it is evaluated? The user may have had it under ``from __future__ import annotations``."""
    names = {name: target.obj for name, target in targets.items() if isinstance(target, Library)}
    try:
        eval(compile(ast.Expression(node), "<annotation>", "eval"), names)  # noqa: S307 - of libraries alone
    except Exception:  # noqa: BLE001 - whatever the user's annotation raises
        return False
    return True


# -- what emitted functions return -------------------------------------------------------------------


def together(notes: Sequence[Opaque | None]) -> Opaque | None:
    """``tuple[a, b]``; None where something is not annotated."""
    parts = [n for n in notes if n is not None]
    if len(parts) < len(notes) or not parts:
        return None
    tuple_ = Ref("tuple", Library("builtins", "tuple", tuple))
    refs = {r.spelling: r for n in parts for r in n.refs}
    return Opaque(f"tuple[{', '.join(n.text for n in parts)}]", (), (tuple_, *refs.values()))


def gradient_note(params: Iterable[Param], wrt: Sequence[str], single: bool) -> Opaque | None:
    """What the gradients with respect to ``wrt`` are: of the types of the arguments."""
    by_name = {p.name: p.note for p in params}
    notes = [by_name.get(name) for name in wrt]
    return notes[0] if single and notes else together(notes)


def result_note(primal: Function, mode: str, wrt: Sequence[str], single: bool) -> Opaque | None:
    """What the derivative in a ``mode`` returns."""
    match mode:
        case "jvp":
            return together([primal.note, primal.note])
        case "tangent":
            return primal.note
        case "value_and_grad":
            return together([primal.note, gradient_note(primal.params, wrt, single)])
        case "grad":
            return gradient_note(primal.params, wrt, single)
        case _:
            return None


def items_of(note: Opaque | None, count: int) -> list[Opaque]:
    """The annotations of ``count`` results."""
    if count == 1:
        return [note or ANYTHING]
    node = None if note is None else parsed(note.text)
    if note is not None and isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        if len(node.slice.elts) == count and ast.unparse(node.value) in ("tuple", "Tuple"):
            return [Opaque(ast.unparse(e), (), note.refs) for e in node.slice.elts]
    return [ANYTHING] * count


def halves_notes(
    forward: Function, reverse: Function, primal: Function, wrt: Sequence[str], results: int, seeds: int
) -> tuple[Function, Function]:
    """The halves of a function that is annotated, annotated: what is kept is a tuple of anything."""
    if not any(p.note for p in primal.params):
        return forward, reverse
    kept = together([*items_of(primal.note, results), SAVED]) if results else SAVED
    extra = forward.params[len(primal.params) :]
    params = (*primal.params, *(replace(p, note=ANYTHING) for p in extra))
    first, *rest = reverse.params
    bars = items_of(primal.note, results) if seeds == results else []
    given = [replace(p, note=bars[k] if k < len(bars) else ANYTHING) for k, p in enumerate(rest)]
    back = gradient_note(primal.params, wrt, len(wrt) == 1) or (ANYTHING if wrt else None)
    return (
        replace(forward, params=params, note=kept),
        replace(reverse, params=(replace(first, note=SAVED), *given), note=back),
    )


WHAT = {
    "grad": "Gradient", "value_and_grad": "Value and gradient", "tangent": "Tangent",
    **dict.fromkeys(("vjp", "pull"), "Pullback"),
    **dict.fromkeys(("jvp", "push"), "Value and tangent"),
}


def with_doc(function: Function, base: str, wrt: tuple[str, ...], request: Request) -> Function:
    """The function with a line that says what it is, of the function ``base``."""
    if request.mode == "value":
        return replace(function, doc=f"{base.removeprefix('vmap_')} for each entry.")
    return replace(function, doc=f"{WHAT[request.mode]} of {base} with respect to {', '.join(wrt)}.")
