"""Functions of one expression, whose adjoint the caller tells by what it has; others need halves of their own."""

import math

import numpy as np

from case import Case, mat, num, takes, vec

GAIN = 2.5


def sigmoid(x):
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def gate(x, W, b):
    # a layer
    return np.tanh(W @ x + b)


def scaled(x, k=3.0, *, shift=0.5):
    return k * x**2 + shift * GAIN


def soft(z):
    return math.log(1 + math.exp(z))


def noisy(z):
    return soft(z) * print_nothing(z)


def print_nothing(z):
    assert z == z
    return z


def first(x, k):
    return x[k] * x[k + 1]


def same_thing(x):
    return x


def layers(x, W, b):
    for _ in range(3):
        x = gate(x, W, b)
    return np.sum(sigmoid(x) * scaled(x, shift=b))


def of_numbers(x, n):
    s = 0.0
    for i in range(2):
        x = soft(x) * scaled(x, i + 1.0)
        s += soft(scaled(x)) + noisy(0.1 * x)
    return s * n


def items(x):
    s = 0.0
    for k in range(len(x) - 1):
        s = s + first(x, k) * first(x=x, k=0)
        x = x * 0.9
    return s


def of_what_is_written(x):
    y = x * 2.0
    a = sigmoid(y)
    y[0] = a[1]
    b = scaled(y)
    y[1:] = b[:-1]
    return y * a


def handed_on(x):
    y = same_thing(x * x)
    z = same_thing(y)
    z[0] = y[1] * y[0]
    return y


def chosen(x, k):
    y = sigmoid(x) if k > 0 else scaled(x)
    return np.where(x > 0, scaled(y, k), sigmoid(y))


def under_one_name(x):
    for _ in range(2):
        x = sigmoid(x)
        x = scaled(x)
    return x


CASES = [
    Case(layers, takes(vec(3), mat(3, 3), vec(3)), wrt=(0, 1, 2), seeds=1),
    Case(of_numbers, takes(num(-1.0, 0.5), num()), wrt=(0, 1), seeds=1),
    Case(items, takes(vec(4)), seeds=1),
    Case(of_what_is_written, takes(vec(4)), seeds=1),
    Case(handed_on, takes(vec(3)), expect="either", seeds=1),
    Case(chosen, takes(vec(3), num()), wrt=(0, 1), seeds=2),
    Case(under_one_name, takes(vec(3)), seeds=1),
]


def rates_of_three(s, e, i, beta, sigma, gamma=0.1):
    inf = beta * s * i
    # what falls ill
    ill = sigma * e
    return -inf, inf - ill, ill - gamma * i


def epidemic(beta, sigma, dt, data):
    s, e, i = 0.9, 0.0, 0.1
    loss = 0.0
    for k in range(len(data)):
        ds, de, di = rates_of_three(s, e, i, beta, sigma)
        s, e, i = s + dt * ds, e + dt * de, i + dt * di
        loss += (i - data[k]) ** 2
    return loss


def turned_by(x, y, a):
    c = math.cos(a)
    s = math.sin(a)
    u = c * x - s * y
    v = s * x + c * y
    return u, v


def into_its_arguments(x, y, a, n):
    c = 1.0
    for _ in range(n):
        x, y = turned_by(x, y, a * c)
        c = c * x
    return x * y + c


def into_names_of_its_own(x, y, a, n):
    v, u, s = 1.0, 2.0, 0.0
    for _ in range(n):
        v, u = turned_by(x=y, a=a * v, y=x)
        s += u * v
        x = x + u
    return s


def asked_in_a_branch(x, y, a, n):
    s = 0.0
    for k in range(n):
        if k % 2:
            u, v = turned_by(x, y, a)
            s += u * v * k
        else:
            s += x * y
        x = x + s * 0.1
    return s


def of_arrays_as_well(x, a, n):
    s = 0.0
    for _ in range(n):
        u, v = turned_by(x[0], x, a)
        s += np.sum(u * v)
    return s


def written_by_the_caller(x, a, n):
    y = x.copy()
    for k in range(n):
        y[0], y[1] = turned_by(y[1], y[0] * y[k], a)
    return np.sum(y * y)


CASES += [
    Case(epidemic, takes(num(0.4, 0.8), num(0.2, 0.5), 0.3, vec(4)), wrt=(0, 1), seeds=1),
    Case(into_its_arguments, takes(num(), num(), num(), 3), wrt=(0, 1, 2), seeds=1),
    Case(into_names_of_its_own, takes(num(), num(), num(), 3), wrt=(0, 1, 2), seeds=1),
    Case(asked_in_a_branch, takes(num(), num(), num(), 4), wrt=(0, 1, 2), seeds=1),
    Case(of_arrays_as_well, takes(vec(3), num(), 2), wrt=(0, 1), seeds=1),
    Case(written_by_the_caller, takes(vec(3), num(), 3), wrt=(0, 1), seeds=1),
]


def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(labels)), labels])


def pulled(w, X, y, lam=0.1):
    p = sigmoid(X @ w)
    r = p - y
    return X.T @ r / len(y) + lam * w, r


def rates_of(q, p, c):
    return p, -math.sin(q) - c * p


def handed_through(x, k):
    y = x
    z = k * y
    return y, z


def a_loss_outside_of_loops(W, X):
    return cross_entropy(X @ W, np.arange(len(X)) % 3) + np.sum(W**2)


def steps_down(w, X, y, lr, n):
    s = 0.0
    for _ in range(n):
        p, r = pulled(w, X, y)
        w = w - lr * p
        s += r @ r
    return s + np.sum(w)


def two_slopes(q, p, c, n):
    for _ in range(n):
        a, b = rates_of(q, p, c)
        a, b = rates_of(q + 0.05 * a, p + 0.05 * b, c)
        q, p = q + 0.1 * a, p + 0.1 * b
    return q * q + p


def its_argument_written_after(x, k):
    x = x * 1.5
    y, z = handed_through(x, k)
    y[0] = y[0] * k
    return np.sum(x * z) + y[1]


def only_where_it_is_wanted(x, k):
    return np.sum(handed_through(x, k)[1]) if k > 0 else np.sum(x)


CASES += [
    Case(a_loss_outside_of_loops, takes(mat(2, 3), mat(4, 2)), wrt=(0, 1), seeds=1),
    Case(steps_down, takes(vec(3), mat(4, 3), vec(4), num(), 3), wrt=(0, 1, 2, 3), seeds=1),
    Case(steps_down, takes(vec(3), mat(4, 3), vec(4), num(), 0), wrt=(0, 3), seeds=1, name="steps_down_in_no_turn"),
    Case(two_slopes, takes(num(), num(), num(), 3), wrt=(0, 1, 2), seeds=1),
    Case(its_argument_written_after, takes(vec(3), num(0.5, 1.5)), wrt=(0, 1), seeds=1),
    Case(only_where_it_is_wanted, takes(vec(3), num(0.5, 1.5)), wrt=(0, 1), seeds=1),
]


def swept(u, k, h=1.3):
    for i in range(1, len(u) - 1):
        u[i] += k * (u[i - 1] - 2 * u[i] + u[i + 1]) / h**2
    return u


def reflected(u, k):
    s = 0.0
    for i in range(len(u)):
        u[i] = u[i] * k + u[-1 - i]
        s += u[i]
    u[0] = s


def summed_up(x, k):
    total = 0.0
    for i in range(len(x)):
        total += x[i] * k**i
    return total


def swept_in_place(u, k, n):
    v = u.copy()
    for i in range(n):
        v = swept(v, k)
        v[i] = v[i] * k
    return np.sum(v**2)


def swept_beside_its_other_name(u, k):
    v = u * 1.0
    w = v
    v = swept(k=k, u=v, h=2.0)
    return np.sum(w * v * u)


def swept_under_another_name(u, k):
    v = u * 1.0
    w = swept(v, k)
    w[1] = w[1] * v[0]
    return np.sum(w * v)


def an_argument_is_swept(u, k, n):
    for _ in range(n):
        u = swept(u, k)
    return np.sum(u**2)


def reflected_in_a_loop(u, k, n):
    u = u.copy()
    for i in range(n):
        reflected(u, k)
        k = k * u[i]
    return np.sum(u) * k


def a_sum_by_a_loop(x, k):
    return summed_up(x * k, k) ** 2


CASES += [
    Case(swept_in_place, takes(vec(4), num(), 3), wrt=(0, 1), seeds=1),
    Case(swept_in_place, takes(vec(1), num(), 1), wrt=(0, 1), seeds=1, name="swept_in_place_of_one"),
    Case(swept_beside_its_other_name, takes(vec(4), num()), wrt=(0, 1), seeds=1),
    Case(swept_under_another_name, takes(vec(4), num()), wrt=(0, 1), seeds=1),
    Case(an_argument_is_swept, takes(vec(4), num(), 2), wrt=(0, 1), seeds=1),
    Case(reflected_in_a_loop, takes(vec(3), num(), 2), wrt=(0, 1), seeds=1),
    Case(a_sum_by_a_loop, takes(vec(3), num()), wrt=(0, 1), seeds=1),
]


def damped(x):
    x *= 0.9
    return x


def squared(x):
    x *= x


def damped_back_to_front(a):
    v = np.sin(a)
    u = damped(v[::-1])
    return np.sum(u * v**2)


def squared_back_to_front(a):
    v = np.sin(a)
    squared(v[::-1])
    return np.sum(v**2)


CASES += [Case(f, takes(vec(3)), seeds=1) for f in (damped_back_to_front, squared_back_to_front)]


def third(x):
    return x / 3


def back_to_front(x):
    return x[::-1]


def a_view_named_anew(b):
    b = b * 1.0
    w = b[:]
    w = third(w)
    b *= 2.0
    return np.sum(w * b)


def an_array_named_anew(b):
    b = b * 1.0
    w = b
    w = third(b)
    b[0] = 2.0
    return np.sum(w * b)


def a_view_named_anew_in_turns(b):
    b = b * 1.0
    for _ in range(3):
        w = b[1:]
        w = third(w)
        b[:-1] += np.sin(w)
    return np.sum(w * w) * b[0]


def a_view_of_a_view(b):
    b = b * 1.0
    w = b[:]
    w = back_to_front(w)
    b *= 2.0
    w[0] *= 3.0
    return np.sum(w * w) + b[0] * b[1] ** 2


anew = a_view_named_anew, an_array_named_anew, a_view_named_anew_in_turns, a_view_of_a_view
CASES += [Case(f, takes(vec(4)), seeds=1) for f in anew]


def rows_of_one(z):
    return z / np.sqrt(np.sum(z**2, axis=1, keepdims=True))


def cosines(U, V, tau):
    """A part of the expression is read on the way back, and what it is called with is turned over."""
    S = rows_of_one(U) @ rows_of_one(V).T / tau
    m = np.max(S, axis=1)
    return np.mean(m + np.log(np.sum(np.exp(S - m[:, None]), axis=1)) - np.diag(S))


def waited_for(beta, log_k, X, t, event):
    """The opposite of an argument, in a sum and as a term; and one over a count."""
    k = np.exp(log_k)
    z = k * (np.log(t) - X @ beta)
    return np.mean(np.exp(z) * event) + np.sum(np.exp(z) - event * (z + log_k))


def opposites(x, y, A):
    """Signs of what is multiplied, turned over, divided, and in the midst of a call that takes none up."""
    a = A.T
    u = -(a @ x)
    v = -y
    return np.sum(np.exp(v) * u) + np.sum(v / (1.0 + v**2)) + np.sum(u @ a) - np.sum(np.tanh(v * u)) + np.sum(a.T**3)


CASES += [
    Case(cosines, takes(mat(4, 3), mat(4, 3), num(0.5, 1.5)), wrt=(0, 1, 2), seeds=1),
    Case(waited_for, takes(vec(3), num(), mat(5, 3), vec(5, 0.1, 2.0), vec(5)), wrt=(0, 1, 4), seeds=1),
    Case(opposites, takes(vec(4), vec(4), mat(4, 4)), wrt=(0, 1, 2), seeds=1),
]
