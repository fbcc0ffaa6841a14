"""Sparse matrices of SciPy whose entries may move: what they are made of is held beside them.

Before                                        After

    A = csr_matrix((d, (i, j)), shape=(n, n))     A = csr_matrix((d, (i, j)), shape=(n, n))
    y = A @ x                                     y = sparse_product(A, x, d, i, j)
    u = spsolve(A, b)                             u = sparse_solution(A, b, d, i, j)

``A`` itself counts for a constant there, and what flows goes to ``d``. The class that holds both, with what is done
with it, is text: ``rules/sparse_matrices.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as Sequence_
from functools import cache
from types import FunctionType
from typing import TypeGuard

from tangent_like import runtime
from tangent_like.frontend.live import function_target
from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Index, Library, Name, Ref, Slice, Tuple
from tangent_like.kinds.kind import (
    Array,
    Kind,
    Plain,
    Scalar,
    Sequence,
    Unknown,
    class_of,
    is_complex,
    is_float,
    is_list,
    is_one_number,
    is_sparse,
)
from tangent_like.kinds.other_classes import multiplies_matrices
from tangent_like.specialize import containers, library_objects
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.library_objects import own_copy, runtime_ref
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Class, Handle, Keywords, Leaf, Partial, Seq, Value, is_none, none

PLACE = "scipy.sparse"
FORMS = ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")


@cache
def info() -> ClassInfo:
    from tangent_like.rules.sparse_matrices import SparseMatrix  # SciPy need not be there

    return ClassInfo(SparseMatrix)


def text(name: str) -> Leaf:
    """A function of the file that the class stands in."""
    from tangent_like.rules import sparse_matrices

    fn = getattr(sparse_matrices, name)
    assert isinstance(fn, FunctionType)
    target = function_target(fn)
    return Leaf(Ref(name, target, None, target))


def is_held(value: Value | None, s: Spec) -> TypeGuard[Handle]:
    """Is it a sparse matrix with what it was made of?"""
    if not isinstance(value, Handle):
        return False
    cls = s.content(value).cls
    return cls is not None and cls.type.__module__ == "tangent_like.rules.sparse_matrices"


def matrix_of(s: Spec, value: Value) -> Leaf:
    """The matrix alone."""
    found = s.content(value).get("matrix") if isinstance(value, Handle) else None
    assert isinstance(found, Leaf)
    return found


def receiver(s: Spec, value: Value, name: str) -> Value:
    """What has the attribute: the matrix, where the class says nothing of it."""
    if not is_held(value, s) or hasattr(info().type, name):
        return value
    return value if s.content(value).get(name) is not None else matrix_of(s, value)


def asked(s: Spec, value: Value, name: str, args: list[Value], expr: Expr | None) -> Value:
    """A method of the class that holds it."""
    target = function_target(getattr(info().type, name))
    return s.call(Leaf(Ref(name, target, None, target)), [value, *args], [], expr)


# -- where they come from --


def moves(kind: Kind) -> bool:
    """May it carry a derivative?"""
    return is_float(kind) and not isinstance(kind, Plain) and not class_of(kind)


def made(form: str) -> Handler:
    """``csr_matrix((data, (i, j)))``, ``csr_matrix((data, indices, indptr))``, and of an array or a sparse matrix."""

    def handle(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        if not args or not isinstance(expr, Call):
            return None
        if is_held(args[0], s):
            matrix = called(s, expr, [matrix_of(s, args[0]), *args[1:]], keywords)
            return asked(s, args[0], "with_matrix", [s.settled(matrix, hint or "A")], expr)
        if not all(n in ("shape", "copy") or (n == "dtype" and is_double(v)) for n, v in keywords) or len(args) > 2:
            return None
        first = args[0]
        if isinstance(first, Leaf) and isinstance(kind := s.kind(first.expr), Array) and kind.rank == 2 and moves(kind):
            whole = s.held(first, "a")
            matrix = s.held(called(s, expr, [whole, *args[1:]], keywords), hint or "A")
            return s.call(text("of_array"), [matrix, whole], [], expr)
        items = args[0].items if isinstance(args[0], Seq) else ()
        listed = array(s, items[0]) if items else None
        if listed is None or not moves(s.kind(listed.expr)):
            return None
        data = s.held(listed, "data")
        pairs = containers.static_items(s, items[1]) if len(items) == 2 and not isinstance(items[1], Leaf) else None
        if pairs is not None and len(pairs) == 2 and form in ("csr", "csc", "coo"):
            i, j = (places(s, p, n) for p, n in zip(pairs, ("rows", "columns"), strict=True))
            given: Value = Seq((data, Seq((i, j))))
            matrix = s.held(called(s, expr, [given, *args[1:]], keywords), hint or "A")
            held = data if form == "coo" else own_copy(s, data, "data")
            return holding(s, matrix, held, i, j, expr)
        if len(items) == 3 and form in ("csr", "csc"):
            inner, ends = (places(s, p, n) for p, n in zip(items[1:], ("indices", "indptr"), strict=True))
            given = Seq((data, inner, ends))
            matrix = s.held(called(s, expr, [given, *args[1:]], keywords), hint or "A")
            outer = s.settled(s.call(text("outer_places"), [ends]), "rows" if form == "csr" else "columns")
            i, j = (outer, inner) if form == "csr" else (inner, outer)
            return holding(s, matrix, data, i, j, expr)
        return None

    return handle


def diagonals(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``diags(d, k)``, of one diagonal or of several."""
    given = dict(zip(("diagonals", "offsets", "shape", "format", "dtype"), args, strict=False)) | dict(keywords)
    if not isinstance(expr, Call) or "diagonals" not in given or "dtype" in given:
        return None
    whole = given["diagonals"]
    offsets = given.get("offsets", Leaf(Const(0), 0))
    several = containers.static_items(s, whole) if not isinstance(whole, Leaf) else [whole]
    if several is None or (isinstance(whole, Leaf) and not isinstance(s.kind(whole.expr), Array)):
        return None
    if not any(isinstance(v, Leaf) and moves(s.kind(v.expr)) for v in several):
        return None
    steps = containers.static_items(s, offsets) if not isinstance(offsets, Leaf) else [offsets]
    at = getattr(expr, "at", None)
    if steps is None or len(steps) != len(several):
        raise s.refuse("diags with these offsets", "write out as many offsets as diagonals", at)
    lines = [s.settled(v, "diagonal") for v in several]
    if not all(isinstance(d, Leaf) and isinstance(s.kind(d.expr), Array | Scalar) for d in lines):
        raise s.refuse("diags of these", "give it arrays", at)
    first: Value = lines[0] if isinstance(whole, Leaf) else Seq(tuple(lines))
    rest = [(n, v) for n, v in keywords if n != "diagonals"]
    matrix = s.held(called(s, expr, [first, *args[1:]], rest), hint or "A")
    found: Value | None = None
    for number, (line, step) in enumerate(zip(lines, steps, strict=True)):
        assert isinstance(line, Leaf)
        if not moves(s.kind(line.expr)):
            continue
        k = containers.known_int(step)
        if k is None:
            raise s.refuse("diags with these offsets", "write the offsets out", at)
        part = along(s, matrix, line, k, number == 0 and "shape" not in given)
        found = part if found is None else s.call(text("added"), [found, part, matrix])
    return found


def along(s: Spec, matrix: Value, line: Leaf, k: int, whole: bool) -> Value:
    """The matrix as far as its diagonal number ``k`` moves; ``whole``: it has all of its entries, and no more."""
    if not whole or isinstance(s.kind(line.expr), Scalar):
        one = isinstance(s.kind(line.expr), Scalar)
        ends = (Leaf(Const(n), n) for n in (max(-k, 0), max(k, 0)))
        return s.call(text("of_one_number" if one else "as_far_as_there"), [matrix, line, *ends])
    if k == 0:
        return s.call(text("along_diagonal"), [matrix, line])
    return s.call(text("above_diagonal" if k > 0 else "below_diagonal"), [matrix, line, Leaf(Const(abs(k)), abs(k))])


def is_double(value: Value) -> bool:
    """Is it the type of double precision?"""
    target = value.expr.target if isinstance(value, Leaf) and isinstance(value.expr, Ref) else None
    return getattr(target, "qualname", "") in ("float", "float64")


def places(s: Spec, value: Value, hint: str) -> Value:
    """Where the entries are, as an array that stays as it is."""
    found = array(s, value)
    if found is None:
        return s.settled(value, hint)
    outside = isinstance(found.expr, Ref) or not isinstance(found.expr, Name)  # a constant, or new memory
    return s.settled(found, hint) if outside else own_copy(s, found, hint)


def array(s: Spec, value: Value) -> Leaf | None:
    """What is given as numbers: an array, or a list of which one is made."""
    if isinstance(value, Leaf):
        kind = s.kind(value.expr)
        return Leaf(np_call("array", value.expr)) if is_list(kind) or isinstance(kind, Sequence) else value
    found = containers.static_items(s, value)
    return None if found is None else Leaf(np_call("array", s.materialize(value)))


def called(s: Spec, expr: Call, args: list[Value], keywords: Keywords) -> Leaf:
    """The call that makes it, as it is written."""
    named = tuple((n, s.materialize(v)) for n, v in keywords)
    return Leaf(Call(expr.func, tuple(map(s.materialize, args)), named, expr.at))


def holding(s: Spec, matrix: Value, data: Value, rows: Value, columns: Value, expr: Expr | None) -> Value:
    if isinstance(data, Leaf) and is_complex(s.kind(data.expr)):
        raise s.refuse("a sparse matrix of complex entries that move", "", getattr(expr, "at", None))
    return s.call(Class(info()), [matrix, data, rows, columns, none(), none()], [], expr)


# -- what is done with them --


def binary(s: Spec, op: str, left: Value, right: Value, expr: Expr | None) -> Value | None:
    """An operator with such a matrix, or of a constant one and a number that moves; None of all else."""
    one, two = is_held(left, s), is_held(right, s)
    if not one and not two:
        return of_constant(s, op, left, right, expr)
    if op in ("+", "-"):
        return summed(s, op, left, right, expr)
    if op not in ("*", "@"):
        return None
    products = op == "@" or multiplies_matrices(s.kind(matrix_of(s, left if one else right).expr))
    if one and two:
        return asked_both(s, left, right, expr) if products else None
    held, other = (left, right) if one else (right, left)
    if not isinstance(other, Leaf):
        return None
    kind = s.kind(other.expr)
    if is_sparse(kind) and products:
        matrix = s.settled(product(s, left, right, op), "A")
        return asked(s, held, "with_right" if one else "with_left", [matrix, s.settled(other, "matrix")], expr)
    if is_one_number(kind) and op == "*":
        number = s.settled(other, "number")
        matrix = s.settled(product(s, *((left, number) if one else (number, right)), op), "A")
        return asked(s, held, "scaled", [number, matrix], expr)
    if (isinstance(kind, Array) and kind.rank and products) or (op == "@" and is_unknown(kind)):
        return asked(s, held, "times" if one else "behind", [s.in_names(other, "x")], expr)
    return None


def refuse_in_place(s: Spec, op: str, value: Value, expr: Expr | None) -> None:
    """``A *= c`` and ``A /= c`` write into the matrix, which may have other names."""
    if is_held(value, s) and op in ("*", "/"):
        raise s.refuse(f"{op}= on a sparse matrix whose entries move", f"write A = A {op} c", getattr(expr, "at", None))


def summed(s: Spec, op: str, left: Value, right: Value, expr: Expr | None) -> Value | None:
    """A sum or a difference, with another or with a constant one."""
    one, two = is_held(left, s), is_held(right, s)
    other = right if one else left
    if op == "+" and isinstance(other, Leaf) and type(other.known) is int and other.known == 0:
        return left if one else right  # as ``sum`` begins
    if not (one and two) and not (isinstance(other, Leaf) and is_sparse(s.kind(other.expr))):
        return None
    matrix = s.settled(product(s, left, right, op), "A")
    if two and op == "-":
        right = asked(s, right, "negative", [matrix], expr)
    if one and two:
        return s.call(text("added"), [left, right, matrix], [], expr)
    return asked(s, left if one else right, "with_matrix", [matrix], expr)


def of_constant(s: Spec, op: str, left: Value, right: Value, expr: Expr | None) -> Value | None:
    """A constant sparse matrix times, or over, a number that moves."""
    if op not in ("*", "/") or not isinstance(left, Leaf) or not isinstance(right, Leaf):
        return None
    held, other = (left, right) if is_sparse(s.kind(left.expr)) else (right, left)
    kind = s.kind(other.expr)
    if not is_sparse(s.kind(held.expr)) or not is_one_number(kind) or not moves(kind) or (op == "/" and held is right):
        return None
    if isinstance(other.expr, Const):
        return None
    held, other = s.held(held, "matrix"), s.held(other, "number")
    matrix = s.settled(product(s, *((held, other) if is_sparse(s.kind(left.expr)) else (other, held)), op), "A")
    return s.call(text("constant_times" if op == "*" else "constant_over"), [held, other, matrix], [], expr)


def is_unknown(kind: Kind) -> bool:
    """Is nothing known of an argument? It is taken for an array."""
    return isinstance(kind, Unknown | Array) and not class_of(kind)


def product(s: Spec, left: Value, right: Value, op: str) -> Leaf:
    one, two = (matrix_of(s, v) if is_held(v, s) else v for v in (left, right))
    assert isinstance(one, Leaf) and isinstance(two, Leaf)
    return Leaf(Binary(op, one.expr, two.expr))


def asked_both(s: Spec, left: Value, right: Value, expr: Expr | None) -> Value:
    """The product of two that move: the share of each."""
    matrix = s.settled(product(s, left, right, "@"), "A")
    one = asked(s, left, "with_right", [matrix, matrix_of(s, right)], expr)
    two = asked(s, right, "with_left", [matrix, matrix_of(s, left)], expr)
    return s.call(text("added"), [one, two, matrix], [], expr)


def item(s: Spec, held: Value, index: Value, expr: Index) -> Value | None:
    """``A[rows, columns]`` by slices and arrays: a part of the matrix, which moves as the whole does."""
    if not is_held(held, s):
        return None
    whole = matrix_of(s, held)
    pair: tuple[Expr, ...] = (s.materialize(index), WHOLE)
    outer = isinstance(pair[0], Call) and is_outer(pair[0])
    if isinstance(pair[0], Call) and outer:
        pair = pair[0].args
    elif isinstance(index, Seq):
        pair = tuple(map(s.materialize, index.items))
    if len(pair) != 2:
        return Leaf(Index(whole.expr, s.materialize(index), expr.at))
    rows, columns = pair
    part = Leaf(Index(whole.expr, s.materialize(index), expr.at))
    picked = [not isinstance(p, Slice) for p in (rows, columns)]
    arrays = [isinstance(s.kind(p), Array) for p, is_picked in zip((rows, columns), picked, strict=True) if is_picked]
    if not all(arrays) or (all(picked) and not outer):
        return part  # a number, or entries here and there
    matrix = s.settled(part, "A")
    if is_whole(rows) and is_whole(columns):
        return asked(s, held, "with_matrix", [matrix], expr)
    found: Value = held
    whole_left, whole_right = (s.settled(s.call(text(f"{side}_of"), [held]), side) for side in ("left", "right"))
    if not is_whole(rows):
        left = s.settled(Leaf(Index(s.materialize(whole_left), rows)), "left")
        found = asked(s, found, "part_by_rows", [matrix, left], expr)
    if not is_whole(columns):
        right = s.settled(Leaf(Index(s.materialize(whole_right), Tuple((WHOLE, columns)))), "right")
        found = asked(s, found, "part_by_columns", [matrix, right], expr)
    return found


WHOLE = Slice(None, None, None)


def is_whole(index: Expr) -> bool:
    return isinstance(index, Slice) and (index.lower, index.upper, index.step) == (None, None, None)


def is_outer(call: Call) -> bool:
    return isinstance(call.func, Ref) and getattr(call.func.target, "qualname", "") == "ix_"


def solved(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``spsolve(A, b)``."""
    del hint
    given = dict(zip(("A", "b", "permc_spec", "use_umfpack"), args, strict=False)) | dict(keywords)
    if not is_held(given.get("A"), s):
        return None
    b = given.get("b")
    if not isinstance(b, Leaf) or given.keys() - {"A", "b"} or not is_unknown(s.kind(b.expr)):
        raise s.refuse("this spsolve", "pass the matrix and an array alone", getattr(expr, "at", None))
    return asked(s, given["A"], "solution", [s.in_names(b, "b")], expr)


def iterated(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``x, info = cg(A, b)`` and its like: of the equation that ``x`` solves; what has not converged raises."""
    del hint
    given = dict(zip(("A", "b"), args, strict=False)) | dict(keywords)
    a, b = given.get("A"), given.get("b")
    held = is_held(a, s)
    constant = isinstance(a, Leaf) and is_sparse(s.kind(a.expr))
    if not (held or constant) or not isinstance(b, Leaf) or not isinstance(expr, Call) or a is None:
        return None
    b = s.held(b, "b")
    a = a if held else s.settled(a, "A")
    rest = [(n, v) for n, v in keywords if n not in ("A", "b")]
    found = called(s, expr, [a, b, *args[2:]], rest)
    x = s.settled(Leaf(Call(runtime_ref(runtime.if_converged), (found.expr,))), "found")
    if held:
        solved = asked(s, a, "found", [x, b], expr)
    else:
        exprs = tuple(map(s.materialize, (x, a, b)))
        solved = Leaf(Call(runtime_ref(runtime.constant_solution_at), exprs, (), expr.at))
    return Seq((s.in_names(solved, "x"), Leaf(Const(0), 0)))


def blocks(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``bmat`` and ``block_array`` of rows of blocks, ``hstack``, ``vstack`` and ``block_diag``, of some that move."""
    if not args or not isinstance(expr, Call) or not isinstance(expr.func, Ref):
        return None
    name = getattr(expr.func.target, "qualname", "")
    outer = containers.static_items(s, args[0]) if not isinstance(args[0], Leaf) else None
    if outer is None:
        return None
    rows: list[list[Value]]
    if name in ("bmat", "block_array"):
        listed = [containers.static_items(s, row) if not isinstance(row, Leaf) else None for row in outer]
        if any(row is None for row in listed):
            return None
        rows = [list(row) for row in listed if row is not None]
    elif name == "block_diag":
        rows = [[v if j == k else none() for j in range(len(outer))] for k, v in enumerate(outer)]
    else:
        rows = [[v] for v in outer] if name == "vstack" else [list(outer)]
    every = [v for row in rows for v in row]
    if not any(is_held(v, s) for v in every) or len({len(row) for row in rows}) != 1:
        return None
    if not all(is_none(v) or is_held(v, s) or (isinstance(v, Leaf) and is_sparse(s.kind(v.expr))) for v in every):
        raise s.refuse(f"{name} of these", "give it sparse matrices", getattr(expr, "at", None))
    rows = [[v if is_none(v) or is_held(v, s) else s.settled(v, "block") for v in row] for row in rows]
    alone = [[matrix_of(s, v) if is_held(v, s) else v for v in row] for row in rows]
    given: Value = Seq(tuple(Seq(tuple(row)) for row in alone))
    if name not in ("bmat", "block_array"):
        given = Seq(tuple(v for row in alone for v in row if not is_none(v)))
    matrix = s.settled(called(s, expr, [given, *args[1:]], keywords), hint or "A")
    shape = s.settled(Leaf(Attribute(s.materialize(matrix), "shape")), "shape")
    sizes = [[_size(s, row, 0) for row in alone], [_size(s, column, 1) for column in zip(*alone, strict=True)]]
    found: Value | None = None
    for i, row in enumerate(rows):
        for j, v in enumerate(row):
            if is_held(v, s):
                down, along = (s.settled(_offset(own[:k]), "offset") for own, k in zip(sizes, (i, j), strict=True))
                part = s.call(text("moved_by"), [v, matrix, down, along, shape])
                found = part if found is None else s.call(text("added"), [found, part, matrix])
    return found


def _size(s: Spec, line: Sequence_[Value], axis: int) -> Expr:
    """How many rows, or columns, the blocks of a line have."""
    first = next(v for v in line if not is_none(v))
    return Index(Attribute(s.materialize(first), "shape"), Const(axis))


def _offset(sizes: list[Expr]) -> Leaf:
    if not sizes:
        return Leaf(Const(0), 0)
    whole = sizes[0]
    for size in sizes[1:]:
        whole = Binary("+", whole, size)
    return Leaf(whole)


def factored(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``splu(A)``, to be asked to solve; and ``factorized(A)``, to be called for that."""
    if not args or not is_held(args[0], s) or not isinstance(expr, Call):
        return library_objects.factored(s, args, keywords, expr, hint)
    made = library_objects.factored(s, [matrix_of(s, args[0]), *args[1:]], keywords, expr, hint)
    assert isinstance(made, Partial)
    solve = text("by_factors_of")
    if made.function.expr is library_objects.FACTORS:  # type: ignore[union-attr]
        return Partial(Leaf(FACTORS), (solve, args[0], *made.args), ())
    return Partial(solve, (args[0], *made.args), ())


FACTORS = Ref("factors", Library("tangent_like", "sparse_factors_held", None))

BLOCKS = ("bmat", "block_array", "hstack", "vstack", "block_diag")
ITERATIVE = ("cg", "bicg", "bicgstab", "cgs", "gmres", "lgmres", "minres", "qmr", "gcrotmk", "tfqmr")
HANDLERS: Mapping[str, Handler] = {
    **{f"{PLACE}.{form}_{what}": made(form) for form in FORMS for what in ("matrix", "array")},
    **{f"{PLACE}._{form}.{form}_{what}": made(form) for form in FORMS for what in ("matrix", "array")},
    f"{PLACE}.diags": diagonals,
    f"{PLACE}._construct.diags": diagonals,
    f"{PLACE}.diags_array": diagonals,
    f"{PLACE}._construct.diags_array": diagonals,
    **{f"{PLACE}.{name}": blocks for name in BLOCKS},
    **{f"{PLACE}._construct.{name}": blocks for name in BLOCKS},
    **{f"{PLACE}.linalg.{name}": iterated for name in ITERATIVE},
    **{f"{PLACE}.linalg.{name}": factored for name in ("splu", "factorized")},
    f"{PLACE}.linalg.spsolve": solved,
    f"{PLACE}.linalg._dsolve.linsolve.spsolve": solved,
}
