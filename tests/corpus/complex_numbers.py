"""Complex numbers: between real arguments and real results, and as arguments and results themselves."""

import math
from dataclasses import replace

import numpy as np

from case import Case, array, mat, num, pair, pairs, takes, vec, whole


# -- between real arguments and a real result --


def phases(x, w):
    z = np.exp(1j * x) * w
    return np.sum(np.abs(z - 1.0) ** 2)


def sizes_and_angles(x, y):
    z = x + 1j * y
    return np.sum(np.abs(z) * np.angle(z + 3.0)) + np.sum(np.angle(z + 5.0, deg=True))


def parts(x):
    z = (x + 2j) * (1 - 1j * x)
    return np.sum(z.real * z.imag) + np.sum(np.real(z) ** 2 - np.imag(z))


def conjugates(x):
    z = x + 1j * np.sin(x)
    return np.sum(np.real(z * z * np.conj(z))) + np.sum((z.conj() * z).real)


def functions_of_numpy(x):
    z = 0.3 * x + 0.2j
    a = np.sin(z) + np.cos(z) * np.tan(z) + np.sinh(z) * np.cosh(z) + np.tanh(z)
    b = np.log(z + 3) + np.sqrt(z + 2) + np.log1p(z) + np.expm1(z) + np.log2(z + 2) + np.exp2(z) + np.log10(z + 4)
    c = np.arcsin(z) + np.arccos(z) + np.arctan(z) + np.arcsinh(z) + np.arccosh(z) + np.arctanh(z)
    return np.sum(np.abs(a)) + np.sum(np.real(b * c)) + np.sum(np.imag(np.square(z) + np.reciprocal(z + 2)))


def powers(x, y):
    z = x + 1j * y
    a = z**2 + z**3 - z**-1 + (z + 3) ** 0.5 + 2.0**z + (z + 4) ** y + (x * x + 1) ** (1j * y) + z ** (1 + 2j)
    return np.sum(np.abs(a) ** 2)


def quotients(x):
    z = (1 + 1j * x) / (2 - 1j * x * x)
    z /= 1 + 0.5j
    return np.sum(np.abs(1 / z))


def signs(x, y):
    return np.sum(np.real(np.sign(x + 1j * y) * (2 + 1j)))


def dot_products(x, A):
    z = x * (1 + 2j)
    w = A @ z
    return np.abs(np.vdot(z, w)) + np.real(np.dot(z, w)) + np.sum(np.abs(np.outer(z, w))) + np.imag(z @ w)


def sums_along(X):
    Z = X * np.exp(1j * X)
    a = np.sum(Z, axis=0) + np.mean(Z, axis=0)
    b = np.prod(Z, axis=1) * np.cumsum(Z, axis=1)[:, -1] + np.cumprod(Z, axis=1)[:, 0]
    return np.sum(np.abs(a) ** 2) + np.sum(np.abs(b))


def contracted(A, B):
    C = A + 1j
    return np.abs(np.einsum("ij,ij->", C, B)) + np.sum(np.abs(np.tensordot(C, B, axes=([0, 1], [0, 1]))) ** 2)


def joined(x):
    z = np.concatenate([x, 1j * x, np.array([1.0 + 2j])])
    y = np.stack([z, z.conj()]).reshape(-1)
    return np.sum(np.abs(y[1:] * y[:-1]) ** 2)


def chosen(x):
    z = np.where(x > 0, np.sqrt(x + 0j), 1j * x)
    return np.sum(np.abs(z + 1) ** 2)


def built_in_place(x):
    z = np.zeros(len(x), dtype=complex)
    for i in range(len(x)):
        z[i] = complex(x[i], x[i] ** 2)
    z[1:] *= 1j
    z += x
    return np.sum(np.abs(z) ** 2)


def emptied(x):
    z = np.empty(x.shape, np.complex128)
    z[:] = x
    z[0] = 2 * z[1] * 1j
    return np.sum(np.abs(z - 1j) ** 2)


def converted(x):
    z = x.astype(complex)
    z = z * z.T + np.asarray(x, dtype=complex)
    return np.abs(np.sum(z * 1j))


def of_parts(a, b):
    z = complex(a, b) * complex(b)
    return abs(z) + z.real * z.imag + (z.conjugate() * z).real


def escape(x, y):
    c = complex(x, y)
    z = 0j
    for _ in range(30):
        if abs(z) > 2:
            break
        z = z * z + c
    return abs(z)


def turned_around(x, n):
    z = x
    for k in range(n):
        z = z * (1 + 0.5j * k)
    return np.sum(np.abs(z) ** 2)


def argument_bound_anew(x):
    for k in range(3):
        x = x * (1j + k)
    return np.sum(np.abs(x))


def gathered_in_a_list(x):
    zs = []
    z = 1.0 + 0j
    for v in x:
        z = z * (v + 1j)
        zs.append(z)
    return abs(sum(zs))


def _response(w, R, C):
    return 1 / (1 + 1j * w * R * C)


def circuit(R, C):
    total = 0.0
    for k in range(1, 5):
        h = _response(0.3 * k, R, C)
        total += abs(h) ** 2
    return total


def impedances(R, L, C, w):
    z = R + 1j * w * L + 1 / (1j * w * C)
    parallel = 1 / np.sum(1 / z)
    return np.abs(parallel) + np.angle(parallel)


def rotation_circuit(theta):
    state = np.array([1.0 + 0j, 0.0])
    for k in range(len(theta)):
        c, s = np.cos(theta[k] / 2), np.sin(theta[k] / 2)
        gate = np.array([[c, -1j * s], [-1j * s, c]]) if k % 2 else np.array([[c, -s], [s, c]]) + 0j
        state = gate @ state
        state = np.array([1.0, np.exp(1j * theta[k])]) * state
    pauli = np.array([[0, -1j], [1j, 0]])
    return np.real(np.conj(state) @ pauli @ state)


def _complex_step(x):
    return np.imag(np.sin((x + 1e-20j) ** 2)) / 1e-20


def complex_step_inside(x):
    return np.sum(_complex_step(x) ** 2)


def _root(z, n):
    return z if n == 0 else np.sqrt(_root(z, n - 1) + 2j)


def through_recursion(x):
    return np.sum(np.abs(_root(x, 3)))


def branched(x):
    s = np.sum(x)
    if s > 0:
        z = s * (1 + 1j)
    else:
        z = s
    return abs(z) ** 2 + s


def unchanged_parts(x):
    return np.sum(np.real(x) + np.conj(x) * x.real)


REAL = [
    Case(phases, takes(vec(), vec()), (0, 1)),
    Case(sizes_and_angles, takes(vec(), vec()), (0, 1)),
    Case(parts, takes(mat())),
    Case(conjugates, takes(vec())),
    Case(functions_of_numpy, takes(vec())),
    Case(powers, takes(vec(), vec()), (0, 1)),
    Case(quotients, takes(vec())),
    Case(signs, takes(vec(), vec()), (0, 1)),
    Case(dot_products, takes(vec(), mat("n", "n")), (0, 1)),
    Case(sums_along, takes(mat())),
    Case(contracted, takes(mat(), mat()), (0, 1)),
    Case(joined, takes(vec())),
    Case(chosen, takes(vec())),
    Case(built_in_place, takes(vec())),
    Case(emptied, takes(vec())),
    Case(converted, takes(vec())),
    Case(of_parts, takes(num(), num()), (0, 1)),
    Case(escape, takes(num(-1.5, 0.5), num(-1.0, 1.0)), (0, 1), seeds=5),
    Case(turned_around, takes(vec(), whole(0, 3))),
    Case(argument_bound_anew, takes(vec())),
    Case(gathered_in_a_list, takes(vec())),
    Case(circuit, takes(num(0.5, 2.0), num(0.5, 2.0)), (0, 1)),
    Case(impedances, takes(vec(low=0.5), vec(low=0.5), vec(low=0.5), num(0.5, 2.0)), (0, 1, 2, 3)),
    Case(rotation_circuit, takes(vec(5))),
    Case(complex_step_inside, takes(vec())),
    Case(through_recursion, takes(vec())),
    Case(branched, takes(vec()), seeds=8),
    Case(unchanged_parts, takes(vec())),
    Case(phases, takes(array("n", dtype=np.float32), array("n", dtype=np.float32)), (0, 1), name="phases_single"),
    Case(sizes_and_angles, takes(array(), array()), (0, 1), name="sizes_and_angles_rank_0"),
    Case(phases, takes(array(0), array(0)), (0, 1), name="phases_of_nothing"),
]


# -- complex arguments and results --


def energy(z):
    return np.sum(np.abs(z) ** 2) + np.sum(z.real * z.imag)


def size_of(z):
    return abs(z) * z.real


def cubic(z):
    return z**3 + 2j * z


def not_holomorphic(z):
    return z * np.conj(z) * z.real + np.abs(z) * 1j


def scaled(z, x):
    return np.exp(z * x) * x


def rows_of(Z, v):
    W = Z.conj().T @ Z
    return np.real(np.vdot(v, W @ v)) + np.sum(np.abs(Z[0] * v - Z[:, 0].sum()))


def written(z):
    y = z.copy()
    y[0] = y[1] * z[2]
    y[1:] *= np.conj(z[1:])
    return y


def two_results(z, x):
    w = z * x
    return w.real, w * 1j


def iterated(z, c, n):
    for _ in range(n):
        z = z * z + c
    return z


def masked(z):
    return np.sum(np.abs(z[z.real > 0]) ** 2) + np.sum(z[[0, 0, 1]].imag)


def constants(z):
    return z * 0 + np.zeros(2, complex)[0] + 1j


COMPLEX = [
    Case(energy, takes(pairs("n"))),
    Case(energy, takes(pairs("m", "n")), name="energy_of_a_matrix"),
    Case(size_of, takes(pair())),
    Case(cubic, takes(pair())),
    Case(cubic, takes(pairs("n")), name="cubic_of_arrays"),
    Case(cubic, takes(pairs("n", dtype=np.complex64)), name="cubic_single"),
    Case(cubic, takes(pairs()), name="cubic_rank_0"),
    Case(cubic, takes(pairs(0)), name="cubic_of_nothing"),
    Case(not_holomorphic, takes(pairs("n"))),
    Case(not_holomorphic, takes(pair()), name="not_holomorphic_number"),
    Case(scaled, takes(pairs("n"), vec()), (0, 1)),
    Case(scaled, takes(pairs("m", "n"), vec()), (0, 1), name="scaled_rows"),
    Case(rows_of, takes(pairs("n", "n"), pairs("n")), (0, 1)),
    Case(written, takes(pairs(4))),
    Case(two_results, takes(pairs("n"), vec()), (0, 1)),
    Case(iterated, takes(pairs("n"), pair(), whole(0, 3)), (0, 1)),
    Case(masked, takes(pairs(5))),
    Case(constants, takes(pair())),
]


# -- refused: imaginary parts that would be lost, and what has no rule for complex numbers --


def stored_among_reals(x):
    y = np.zeros(len(x))
    y[0] = x[0] * 1j
    return np.sum(y)


def cast_to_reals(x):
    return np.sum((x * 1j).astype(float))


def greatest(x):
    return np.abs(np.max(x * 1j))


def gamma_of(x):
    return math.lgamma((x * (1 + 0j)).real) + float(np.sort(x + 0j)[()].real)


def complex_result(x):
    return np.sum(x * 1j)


def written_by_its_imaginary_part(x):
    z = x * (1 + 1j)
    y = z.imag
    y[0] = x[1]
    return np.sum(np.abs(z))


def parts_assigned(x):
    z = np.ones(len(x), dtype=complex)
    for _ in range(2):
        z.imag += x
        z.real *= 2.0 * x
        z *= np.exp(1j * x)
    z.real = np.sin(z.imag)
    return np.sum(np.abs(np.fft.fft(z)) * np.arange(len(x)))


def stored_into_imaginary_parts(x):
    z = x * (1 + 1j)
    z.imag[1:] = x[1:] ** 2
    z.real[0] = x[2]
    return np.sum(np.abs(z) ** 2 * np.arange(len(x)))


STORED = [
    Case(parts_assigned, takes(vec())),
    Case(stored_into_imaginary_parts, takes(vec())),
]

REFUSED = [
    Case(stored_among_reals, takes(vec()), expect="refused"),
    Case(cast_to_reals, takes(vec()), expect="refused"),
    Case(greatest, takes(vec()), expect="refused"),
    Case(written_by_its_imaginary_part, takes(vec()), expect="refused"),
]


CASES = [replace(case, seeds=1) if case.seeds == 3 else case for case in (*REAL, *COMPLEX, *STORED, *REFUSED)]
