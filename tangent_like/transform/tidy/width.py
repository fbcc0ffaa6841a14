"""How long a line of text an expression makes, near enough to tell what fits in 100 columns."""

from __future__ import annotations

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Choose,
    Compare,
    Comprehension,
    Const,
    Expr,
    Index,
    List,
    Logic,
    Name,
    Opaque,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import expressions, subexpressions

COLUMNS = 100
SHORT = 5  # the names, numbers and operators of what may stand under another comment than its own
OTHERS = 56  # columns of what may stand under another, as a term of a sum or a result
NARROW = 60  # columns of what may stand under another, in the midst of a statement
NAMED = 48  # columns of what the user named, that is said where it is read
TIGHT = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "@": 2, "**": 4}


def is_short(expr: Expr) -> bool:
    return sum(1 for _ in subexpressions(expr)) <= SHORT


def width(expr: Expr, tight: int = 0) -> int:
    """The columns that the text takes; ``tight`` is how tightly what stands around binds."""
    match expr:
        case Name(id):
            return len(id)
        case Const(value):
            return len(expr.spelling or repr(value))
        case Ref(spelling):
            return len(spelling)
        case Opaque(text):
            return len(text)
        case Unary(op, operand):
            return len(op) + (op == "not") + width(operand, 3) + (2 if tight > 2 else 0)
        case Binary():
            return _binary(expr, tight)
        case Compare(left, ops, rights):
            return (
                width(left, 1)
                + sum(len(o) + 2 + width(r, 1) for o, r in zip(ops, rights, strict=True))
                + 2
            )
        case Logic(op, values):
            return sum(width(v, 1) for v in values) + (len(op) + 2) * (len(values) - 1) + 2
        case Choose(test, body, orelse):
            return width(test) + width(body) + width(orelse) + 12
        case Call(func, args, keywords):
            inner = [width(a) for a in args] + [len(n) + 1 + width(v) for n, v in keywords]
            return width(func, 5) + 2 + _listed(inner)
        case Attribute(value, name):
            return width(value, 5) + 1 + len(name)
        case Index(value, index):
            items = index.items if isinstance(index, Tuple) else (index,)
            return width(value, 5) + 2 + _listed([width(i) for i in items])
        case Slice(lower, upper, step):
            parts = [p for p in (lower, upper, step) if p is not None]
            return sum(width(p) for p in parts) + (1 if step is None else 2)
        case Tuple(items) | List(items):
            return 2 + _listed([width(i) for i in items]) + (len(items) == 1)
        case Comprehension(element=element, clauses=clauses):
            turns = [(c.target, c.iterable, *c.conditions) for c in clauses]
            return 2 + width(element) + sum(width(e) + 5 for parts in turns for e in parts) - len(turns)
        case _:
            return 0


def _listed(widths: list[int]) -> int:
    return sum(widths) + 2 * max(len(widths) - 1, 0)


def _binary(expr: Binary, tight: int) -> int:
    total = 0
    left: Expr = expr
    around = tight
    while isinstance(left, Binary):
        own = TIGHT.get(left.op, 0)
        total += len(left.op) + 2 + width(left.right, own + 1) + (2 if around > own else 0)
        around = own
        left = left.left
    return total + width(left, around)


def line_width(stmt: Stmt, depth: int) -> int:
    """The columns of the statement's own line, indented ``depth`` times."""
    parts = sum(width(e) for e in expressions(stmt)) + 4 * depth
    match stmt:
        case Assign(targets):
            return parts + sum(len(t) + 2 for t in targets) + 1
        case Augment(target, op):
            return parts + len(target) + len(op) + 3
        case Store(_, op):
            return parts + len(op) + 3
        case Return():
            return parts + 7
        case _:
            return parts + 20
