"""Solutions of equations: what is solved for, and the linear equation that its derivative solves.

Each takes functions and what they depend on, ``f(x, *args)``, so that nothing is hidden in a closure. ``x`` is a
number or an array. Nothing here knows how the derivative is made (``rules/solutions.py`` does): Christianson,
"Reverse accumulation and attractive fixed points" (1994); Blondel et al., "Efficient and modular implicit
differentiation" (2022).
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def fixed_point(f, x0, *args, tol=None, max_steps=10_000, solver=None):
    """Return ``x`` with ``x = f(x, *args)``, of the shape of ``x0``, by iterating ``f`` from ``x0``.

    ``tol``: what a step may still change, beside ``1 + max(abs(x))``; by default ``eps ** 0.75`` of the dtype.
    ``solver(f, x0)``, if it is given, finds ``x`` instead. An ``ArithmeticError`` with the residual if it does not.
    """
    if solver is not None:
        x = solver(lambda x: f(x, *args), x0)
        converged("fixed_point", f(x, *args) - x, x, tol)
        return x
    x, residual = x0 * 1.0, np.inf
    for _ in range(max_steps):
        new = f(x, *args)
        if np.shape(new) != np.shape(x):
            raise ValueError(f"fixed_point: f makes shape {np.shape(new)} of shape {np.shape(x)}")
        residual, x = new - x, new
        if not np.all(np.isfinite(residual)):
            break
        if size_of(residual) <= tolerance(x, tol):
            return x
    raise ArithmeticError(f"fixed_point: not converged: the residual is {size_of(residual):.3g}")


def root(g, x0, *args, tol=None, method=None, solver=None):
    """Return ``x`` with ``g(x, *args) = 0``, of the shape of ``x0``, by SciPy's ``optimize.root`` from ``x0``.

    ``method`` is SciPy's; by default "hybr", for more than 200 unknowns "krylov". ``solver(g, x0)``, if it is
    given, finds ``x`` instead. ``tol``: the largest ``abs(g)``, beside ``1 + max(abs(g(x0)))``; by default
    ``eps ** 0.5`` of the dtype. An ``ArithmeticError`` with the residual if there is more left.
    """
    if solver is not None:
        x = solver(lambda x: g(x, *args), x0)
    else:
        from scipy import optimize

        shape = np.shape(x0)
        method = method or ("hybr" if np.size(x0) <= 200 else "krylov")
        tight = {"xtol": 1e-13} if method == "hybr" else {"fatol": 1e-12} if method == "krylov" else {}

        def flat(x):
            return np.ravel(g(in_shape(x, shape), *args))

        found = optimize.root(flat, np.ravel(x0), method=method, options=tight)
        x = like_start(in_shape(found.x, shape), x0)
    left = g(x, *args)
    if np.shape(left) != np.shape(x):
        raise ValueError(f"root: g makes shape {np.shape(left)} of shape {np.shape(x)}")
    converged("root", left, g(x0, *args), tol)
    return x


def minimize(loss, x0, *args, slope, curve, tol=None, method=None, solver=None):
    """Return ``x`` where ``loss(x, *args)`` is least near ``x0``, of its shape, by SciPy's ``optimize.minimize``.

    ``slope(x, *args)`` is the gradient, ``curve(x, *args, v)`` the pair of it and its product with ``v``: a few
    steps of Newton's method end the search. ``method`` is SciPy's, "BFGS" by default and, for more than 200
    unknowns, "L-BFGS-B"; ``solver(loss, x0)``, if it is given, finds ``x`` instead. ``tol``: the largest
    ``abs(slope)``, beside 1 and the largest at ``x0``; by default ``eps ** 0.5``. An ``ArithmeticError`` with the
    residual if there is more left.
    """
    shape = np.shape(x0)
    if solver is not None:
        x = solver(lambda x: loss(x, *args), x0)
    else:
        from scipy import optimize

        with np.errstate(all="ignore"):  # a line search may look far out
            found = optimize.minimize(
                lambda x: float(loss(in_shape(x, shape), *args)),
                np.ravel(x0),
                jac=lambda x: np.ravel(slope(in_shape(x, shape), *args)),
                method=method or ("BFGS" if np.size(x0) <= 200 else "L-BFGS-B"),
            )
        x = like_start(in_shape(found.x, shape), x0)
    for _ in range(8):
        left = slope(x, *args)
        if size_of(left) <= np.finfo(np.result_type(x, 0.0)).eps ** 0.75 * (1 + size_of(x)):
            break
        new = x - solve_linear(lambda v, x=x: curve(x, *args, v)[1], left, (), True, False)
        if not size_of(slope(new, *args)) < size_of(left):
            break
        x = new
    converged("minimize", slope(x, *args), slope(x0, *args), tol)
    return x


def linear_solve(apply, b, *args, symmetric=False):
    """Return ``x`` with ``apply(x, *args) = b`` for a linear ``apply``, of the shape of ``b``.

    By the matrix, column by column, for up to 64 unknowns; else without it, by SciPy's GMRES, and by conjugate
    gradients where the matrix is symmetric and positive. ``numpy.linalg.LinAlgError`` if it is singular or near it,
    with the residual; where nothing is left of ``b``, but ``x`` is one of many, with the condition number of the
    matrix, or with what is left of another right-hand side.
    """
    return solve_linear(apply, b, args, symmetric, True)


def solve_linear(apply, b, args, symmetric, only):
    """Return what ``linear_solve`` does; ``only``: an error where it is not the only solution."""
    shape, dtype = np.shape(b), np.result_type(b, 0.0)
    size = int(np.prod(shape))
    right = np.ravel(b)
    eps = np.finfo(dtype).eps
    only = only and np.any(right)

    def product(v):
        return np.ravel(apply(in_shape(v, shape), *args))

    condition, left = 1.0, 0.0
    if size <= 64:
        matrix = np.array([product(v) for v in np.eye(size, dtype=dtype)], dtype).reshape(size, size).T
        try:
            x = np.linalg.solve(matrix, right)
            condition = np.linalg.cond(matrix, 1) if only else 1.0
        except np.linalg.LinAlgError:
            x = np.linalg.lstsq(matrix, right, rcond=None)[0]
            condition = np.inf if only else 1.0
    else:
        from scipy.sparse.linalg import LinearOperator, cg, gmres

        operator = LinearOperator((size, size), matvec=product, dtype=dtype)

        def search(right, rtol, **limits):
            if symmetric:
                return cg(operator, right, rtol=rtol, **limits)[0]
            return gmres(operator, right, rtol=rtol, restart=100, **limits)[0]

        x = search(right, float(eps**0.8))
        if only:
            probe = np.random.default_rng(0).normal(size=size).astype(dtype)
            left = size_of(product(search(probe, 1e-3, maxiter=2000 if symmetric else 20)) - probe) / size_of(probe)
    residual = size_of(product(x) - right)
    if not residual <= eps**0.4 * size_of(right):
        raise np.linalg.LinAlgError(f"linear_solve: singular, or near it: the residual is {residual:.3g}")
    if not condition <= eps**-0.85:
        raise np.linalg.LinAlgError(f"linear_solve: singular, or near it: the condition number is {condition:.3g}")
    if not left <= 0.01:
        raise np.linalg.LinAlgError(f"linear_solve: singular, or near it: {left:.1%} of another equation is left")
    return float(x[0]) if isinstance(b, float) else in_shape(x.astype(dtype), shape)


def in_shape(flat, shape):
    """Return an array of the shape, or the number where that is no array."""
    return np.reshape(flat, shape) if shape else flat[0]


def like_start(x, x0):
    """Return ``x`` in the dtype of ``x0``, and as a float where that is one."""
    return float(x) if isinstance(x0, float | int) else x.astype(np.result_type(np.asarray(x0), np.float16))


def as_start(x0):
    """Return the start in double precision, as SciPy takes it; of a list, an array."""
    if isinstance(x0, float | int):
        return x0
    x0 = np.asarray(x0)
    return x0.astype(float) if x0.dtype in (np.float16, np.float32) else x0


def size_of(x):
    """Return the largest ``abs`` of the entries, 0 of none."""
    return float(np.max(np.abs(x))) if np.size(x) else 0.0


def tolerance(scale, tol, power=0.75):
    """Return what a residual may be beside numbers like ``scale``."""
    tol = np.finfo(np.result_type(scale, 0.0)).eps ** power if tol is None else tol
    return float(tol) * (1 + size_of(scale))


def converged(what, residual, scale, tol):
    """Raise an ``ArithmeticError`` where the residual is more than it may be."""
    if not size_of(residual) <= tolerance(scale, tol, 0.5):
        raise ArithmeticError(f"{what}: not converged: the residual is {size_of(residual):.3g}")
