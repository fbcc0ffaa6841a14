"""``scipy.special``: Bessel functions, polynomials, hypergeometric and elliptic functions."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import special

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import POSITIVE, REAL, UNIT, Domain, elementwise, rule

FAR = Domain(0.5, 4.0)

# -- Bessel functions --------------------------------------------------------------------------------


@elementwise(special.j0)
def j0(y, x):
    return -special.j1(x)


@elementwise(special.j1)
def j1(y, x):
    return 0.5 * (special.j0(x) - special.jv(2, x))


@elementwise(special.y0, domain=POSITIVE)
def y0(y, x):
    return -special.y1(x)


@elementwise(special.y1, domain=POSITIVE)
def y1(y, x):
    return special.y0(x) - y / x


@elementwise(special.i0)
def i0(y, x):
    return special.i1(x)


@elementwise(special.i1)
def i1(y, x):
    return 0.5 * (special.i0(x) + special.iv(2, x))


@elementwise(special.i0e)
def i0e(y, x):
    return special.i1e(x) - np.sign(x) * y


@elementwise(special.i1e)
def i1e(y, x):
    return 0.5 * (special.i0e(x) + special.ive(2, x)) - np.sign(x) * y


@elementwise(special.k0, domain=POSITIVE)
def k0(y, x):
    return -special.k1(x)


@elementwise(special.k1, domain=POSITIVE)
def k1(y, x):
    return -special.k0(x) - y / x


@elementwise(special.k0e, domain=POSITIVE)
def k0e(y, x):
    return y - special.k1e(x)


@elementwise(special.k1e, domain=POSITIVE)
def k1e(y, x):
    return y - special.k0e(x) - y / x


@elementwise(special.jv, of=("x",), domain=(FAR, POSITIVE))
def jv(y, v, x):
    return 0.5 * (special.jv(v - 1, x) - special.jv(v + 1, x))


@elementwise(special.yv, of=("x",), domain=(FAR, POSITIVE))
def yv(y, v, x):
    return 0.5 * (special.yv(v - 1, x) - special.yv(v + 1, x))


@elementwise(special.iv, of=("x",), domain=(FAR, POSITIVE))
def iv(y, v, x):
    return 0.5 * (special.iv(v - 1, x) + special.iv(v + 1, x))


@elementwise(special.ive, of=("x",), domain=(FAR, POSITIVE))
def ive(y, v, x):
    return 0.5 * (special.ive(v - 1, x) + special.ive(v + 1, x)) - np.sign(x) * y


@elementwise(special.kv, of=("x",), domain=(FAR, POSITIVE))
def kv(y, v, x):
    return -0.5 * (special.kv(v - 1, x) + special.kv(v + 1, x))


@elementwise(special.kve, of=("x",), domain=(FAR, POSITIVE))
def kve(y, v, x):
    return y - 0.5 * (special.kve(v - 1, x) + special.kve(v + 1, x))


# -- polynomials, hypergeometric and elliptic functions ------------------------------------------------

_DEGREE = Domain(1, 5, integer=True)


@elementwise(special.eval_legendre, of=("x",), domain=(_DEGREE, UNIT))
def eval_legendre(y, n, x):
    return 0.5 * (n + 1) * special.eval_jacobi(n - 1, 1, 1, x)


@elementwise(special.eval_chebyt, of=("x",), domain=(_DEGREE, UNIT))
def eval_chebyt(y, n, x):
    return n * special.eval_chebyu(n - 1, x)


@elementwise(special.eval_hermite, of=("x",), domain=(_DEGREE, REAL))
def eval_hermite(y, n, x):
    return 2 * n * special.eval_hermite(n - 1, x)


@elementwise(special.eval_hermitenorm, of=("x",), domain=(_DEGREE, REAL))
def eval_hermitenorm(y, n, x):
    return n * special.eval_hermitenorm(n - 1, x)


@elementwise(special.eval_laguerre, of=("x",), domain=(_DEGREE, REAL))
def eval_laguerre(y, n, x):
    return -special.eval_genlaguerre(n - 1, 1, x)


@elementwise(special.hyp0f1, of=("z",), domain=(FAR, REAL))
def hyp0f1(y, v, z):
    return special.hyp0f1(v + 1, z) / v


@elementwise(special.hyp1f1, of=("x",), domain=(FAR, FAR, REAL))
def hyp1f1(y, a, b, x):
    return a / b * special.hyp1f1(a + 1, b + 1, x)


@elementwise(special.hyp2f1, of=("z",), domain=(FAR, FAR, FAR, Domain(-0.8, 0.8)))
def hyp2f1(y, a, b, c, z):
    return a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, z)


@elementwise(special.ellipk, domain=Domain(-2.0, 0.9), cases=(case(0.0),))
def ellipk(y, m):
    return (y - special.elliprd(0, 1 - m, 1) / 3) / (2 * (1 - m))


@elementwise(special.ellipe, domain=Domain(-2.0, 0.9), cases=(case(0.0),))
def ellipe(y, m):
    return -special.elliprd(0, 1 - m, 1) / 6


@rule(special.airy, kind="unknown", results=("ai", "aip", "bi", "bip"), cases=(case(draw(4)), case(draw())))
def airy(ai, aip, bi, bip, z):
    """Both solutions of y'' = z y, each with its slope."""

    def jvp(z_dot):
        return aip * z_dot, z * ai * z_dot, bip * z_dot, z * bi * z_dot

    def vjp(ai_bar, aip_bar, bi_bar, bip_bar):
        return ai_bar * aip + aip_bar * (z * ai) + bi_bar * bip + bip_bar * (z * bi)

    return jvp, vjp
