"""Linear algebra of complex matrices: Hermitian ones, quantum states, networks; eigenvalues and roots."""

import cmath
from dataclasses import replace

import numpy as np

from case import Case, mat, num, pairs, takes, vec


def _hermitian(A, B):
    H = A + 1j * B
    return H + H.conj().T


def energies(A, B):
    w = np.linalg.eigvalsh(_hermitian(A, B))
    return w[0] * w[1] + np.sum(w**3)


def populations(A, B):
    w, v = np.linalg.eigh(_hermitian(A, B))
    return np.sum(np.abs(v[:, 0]) ** 2 * np.arange(len(w))) + w[-1]


def projector(A, B):
    v = np.linalg.eigh(_hermitian(A, B))[1]
    P = np.outer(v[:, 1], np.conj(v[:, 1]))
    return np.sum(np.real(P @ (A + 1j * B)))


def turned_eigenvectors(A, B):
    """One row of the vectors is real, by their phases."""
    v = np.linalg.eigh(_hermitian(A, B))[1]
    u = np.linalg.eigh(_hermitian(A, B), "U")[1]
    return np.sum(np.real(v) * A + np.imag(v) * B) + np.sum(np.real(u) * B - np.imag(u) ** 2 * A)


def turned_singular_vectors(A, B):
    u, s, vh = np.linalg.svd(A + 1j * B, full_matrices=False)
    return np.sum(np.real(u)) + np.sum(np.imag(vh) * s[:, None]) + np.real(u[0, 0] * vh[0, 1])


def evolved(h, x):
    sx = np.array([[0, 1], [1, 0]]) + 0j
    sz = np.array([[1, 0], [0, -1]]) + 0j
    H = h[0] * sx + h[1] * sz
    w, v = np.linalg.eigh(H)
    U = (v * np.exp(-1j * w * x)) @ v.conj().T
    psi = U @ np.array([1.0, 0.0])
    return np.real(np.vdot(psi, sz @ psi))


def two_qubits(theta):
    cnot = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=complex)
    eye = np.eye(2)
    psi = np.zeros(4, dtype=np.complex128)
    psi[0] = 1
    for t in theta:
        ry = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
        rz = np.diag(np.exp(1j * np.array([-t, t])))
        psi = cnot @ (np.kron(rz @ ry, eye) @ psi)
    zz = np.diag([1.0, -1.0, -1.0, 1.0])
    return (psi.conj() @ zz @ psi).real + np.abs(psi[0]) ** 2


def likelihood(A, B, x):
    S = (A + 1j * B) @ (A + 1j * B).conj().T + np.eye(len(A))
    L = np.linalg.cholesky(S)
    y = np.linalg.solve(L, x + 0j)
    return np.sum(np.abs(y) ** 2) + 2 * np.sum(np.log(np.real(np.diag(L))))


def determinants(A, B):
    Z = A + 1j * B
    sign, logabs = np.linalg.slogdet(Z)
    return np.abs(np.linalg.det(Z)) + np.real(sign * (1 + 2j)) + logabs


def network(R, w):
    Y = np.zeros((3, 3), dtype=complex)
    for k in range(3):
        Y[k, k] += 1 / R[k] + 1j * w
        for j in range(k):
            Y[k, j] -= 1 / (R[k] + 1j * w * R[j])
            Y[j, k] = Y[k, j]
    V = np.linalg.solve(Y, np.array([1.0, 0.0, 0.5j]))
    return np.abs(V[1]) + np.angle(V[2])


def inverses(Z):
    return np.linalg.inv(Z) @ Z.T + np.linalg.matrix_power(Z, 3)


def pseudo(Z):
    return np.linalg.pinv(Z)


def norms(z, Z):
    a = np.linalg.norm(z) + np.linalg.norm(z, 1) + np.linalg.norm(z, 3) + np.linalg.norm(z, np.inf)
    return a + np.linalg.norm(Z) + np.linalg.norm(Z, "nuc") + np.linalg.norm(Z, 2) + np.sum(np.linalg.norm(Z, axis=0))


def spread(z):
    return np.var(z) + np.std(z, ddof=1) + np.sum(np.linalg.svdvals(np.outer(z, z) + np.eye(len(z))))


def stability(A):
    w = np.linalg.eigvals(A)
    return np.sum(np.abs(w) ** 2 * w.real) + np.sum(np.exp(-np.abs(w)))


def poles(p):
    r = np.roots(p)
    return np.sum(np.abs(r - 0.3j) ** 2)


def python_numbers(a, b):
    z = cmath.exp(1j * a) * cmath.sqrt(b + 1j) + cmath.log(a + 2j) * cmath.rect(b + 1.0, a)
    z = z * cmath.cos(z) + cmath.tanh(z)
    return abs(z) + cmath.phase(z)


def nearest_unitary(A, B):
    u, s, vh = np.linalg.svd(A + 1j * B, full_matrices=False)
    return np.sum(np.real(u @ vh * (A - 0.5j * B))) + s[0]


def rank_one(A, B):
    u, s, vh = np.linalg.svd(A + 1j * B)
    best = s[0] * np.outer(u[:, 0], vh[0])
    return np.sum(np.abs(best - B) ** 2)


def orthonormal(A, B):
    q, r = np.linalg.qr(A + 1j * B)
    return np.sum(np.imag(q[:, 0])) + np.sum(np.abs(r @ r.conj().T) ** 2) + np.real(r[0, 1])


def wide_factor(A, B):
    r = np.linalg.qr(A + 1j * B, mode="r")
    return np.sum(np.real(r * r[0, 1])) + np.imag(r[1, 3])


_CASES = [
    Case(energies, takes(mat(3, 3), mat(3, 3)), (0, 1)),
    Case(populations, takes(mat(3, 3), mat(3, 3)), (0, 1)),
    Case(projector, takes(mat(3, 3), mat(3, 3)), (0, 1)),
    Case(turned_eigenvectors, takes(mat(3, 3), mat(3, 3)), (0, 1)),
    Case(turned_singular_vectors, takes(mat(3, 3), mat(3, 3)), (0, 1)),
    Case(turned_singular_vectors, takes(mat(4, 2), mat(4, 2)), (0, 1), name="turned_singular_vectors_of_a_tall_one"),
    Case(turned_singular_vectors, takes(mat(2, 3), mat(2, 3)), (0, 1), name="turned_singular_vectors_of_a_wide_one"),
    Case(evolved, takes(vec(2), num()), (0, 1)),
    Case(two_qubits, takes(vec(3))),
    Case(likelihood, takes(mat(3, 3), mat(3, 3), vec(3)), (0, 1, 2)),
    Case(determinants, takes(mat(3, 3), mat(3, 3)), (0, 1)),
    Case(network, takes(vec(3, low=0.5), num(0.5, 2.0)), (0, 1)),
    Case(inverses, takes(pairs(3, 3))),
    Case(pseudo, takes(pairs(4, 2))),
    Case(norms, takes(pairs(4), pairs(3, 3)), (0, 1)),
    Case(spread, takes(pairs(4))),
    Case(stability, takes(mat(3, 3))),
    Case(poles, takes(vec(4, low=0.5))),
    Case(nearest_unitary, takes(mat(4, 2), mat(4, 2)), (0, 1)),
    Case(nearest_unitary, takes(mat(2, 3), mat(2, 3)), (0, 1), name="nearest_unitary_of_a_wide_one"),
    Case(rank_one, takes(mat(3, 3), mat(3, 3)), (0, 1)),
    Case(orthonormal, takes(mat(4, 3), mat(4, 3)), (0, 1)),
    Case(wide_factor, takes(mat(2, 4), mat(2, 4)), (0, 1)),
    Case(python_numbers, takes(num(0.2, 0.8), num(0.2, 0.8)), (0, 1)),
]

CASES = [replace(case, seeds=1) for case in _CASES]
