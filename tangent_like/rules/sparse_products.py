"""Products with sparse matrices of SciPy's, which are constants; other arrays of other classes are refused."""

# mypy: allow-untyped-defs, allow-untyped-calls

from collections.abc import Callable

from tangent_like.ir.nodes import Attribute, Binary, Call, Expr, Library, Ref
from tangent_like.kinds.kind import Kind, class_of, is_sparse
from tangent_like.kinds.other_classes import are_multiplied
from tangent_like.rules.problems import Problem, called
from tangent_like.rules.rule import Rule, rule
from tangent_like.runtime import matmul_left, matmul_right


@rule(kind="matmul", of=("y",))
def sparse_before(z, x, y):
    def jvp(y_dot):
        return x @ y_dot

    def vjp(z_bar):
        return matmul_right(z_bar, x, y)

    return jvp, vjp


@rule(kind="matmul", of=("x",))
def sparse_behind(z, x, y):
    def jvp(x_dot):
        return x_dot @ y

    def vjp(z_bar):
        return matmul_left(z_bar, x, y)

    return jvp, vjp


def sparse_product(expr: Expr, kind_of: Callable[[Expr], Kind]) -> tuple[Rule, tuple[Expr, Expr]] | None:
    """The rule of a product of a sparse matrix and an array, with its two sides; None of all else."""
    match expr:
        case Binary("@" | "*" as op, left, right):
            kinds = kind_of(left), kind_of(right)
            if not any(map(is_sparse, kinds)) or (op == "*" and not are_multiplied(*kinds)):
                return None
            if class_of(kinds[0]) and class_of(kinds[1]):
                return None
            return (sparse_before if is_sparse(kinds[0]) else sparse_behind), (left, right)
        case Call(Attribute(value, "dot"), (other,), ()) if is_sparse(kind_of(value)) and not class_of(kind_of(other)):
            return sparse_before, (value, other)
        case _:
            return None


def of_other_classes(expr: Expr, kinds: list[Kind]) -> Problem | None:
    """Why operators of arrays of other classes are not differentiated: not what SciPy is given."""
    others = [k for k in kinds if class_of(k)]
    if not others or (isinstance(expr, Call) and not _is_of_numpy(expr.func)):
        return None
    hint = "known is S @ v, of a sparse matrix S that is constant and an array v; of others, take np.asarray before"
    return Problem(f"{called(expr)} of a {class_of(others[0])} is not differentiated", hint)


def _is_of_numpy(func: Expr) -> bool:
    return isinstance(func, Ref) and isinstance(func.target, Library) and func.target.module.startswith("numpy")
