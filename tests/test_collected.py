"""Comprehensions of the user's in the text, where the way back needs none of their turns."""

import numpy as np

import tangent_like as tl


def windows(x, kernel):
    k = len(kernel)
    rows = np.array([x[i : i + k] for i in range(len(x) - k + 1)])
    return np.sum(np.tanh(rows @ kernel))


def table(x, a):
    rows = [[v * w for v in x if v > 0.0] for w in a]
    return sum(sum(row) for row in rows)


def counted(x):
    last = 0
    squares = [v * v for v in x]
    for last in range(len(squares)):
        if squares[last] > 1.0:
            break
    return squares[last] * x[last]


def powers(x):
    s = 1.0
    rows = [(s := s * v + 0.1) for v in x]
    return rows[0] * rows[1] + s


def loop(x):
    squares = []
    for v in x:
        squares.append(v * v)
    return np.sum(np.array(squares) ** 2)


X, K = np.array([0.3, -1.2, 0.7, 1.1]), np.array([0.5, -0.4])


def test_a_list_that_nothing_else_is_kept_of_is_a_comprehension():
    text = tl.grad(windows, (0, 1)).source_for(X, K)
    assert "rows = np.array([x[i:i + k] for i in range(stop)])" in text
    tl.check_grads(windows, (X, K))


def test_lists_in_lists_are_comprehensions():
    text = tl.grad(table, (0, 1)).source_for(X, K)
    assert "rows = [[v * w for v in x if v > 0.0] for w in a]" in text
    tl.check_grads(table, (X, K))


def test_where_turns_keep_something_the_loop_stays():
    text = tl.grad(powers).source_for(X)
    assert "rows.append(s)" in text and "rows[k - 1] if k else 1.0" in text
    tl.check_grads(powers, (X,))


def test_a_variable_that_is_read_elsewhere_stays_that_of_a_loop():
    assert "squares = [v * v for v in x]" in tl.grad(counted).source_for(X)
    assert tl.grad(counted)(X).tolist() == [0.0, 3 * 1.2**2, 0.0, 0.0]


def test_a_loop_of_the_users_stays_one():
    assert "for v in x:\n        squares.append(v * v)" in tl.grad(loop).source_for(X)


def test_text_with_comprehensions_is_differentiated_again():
    def norm(x, kernel):
        return np.sum(tl.grad(windows)(x, kernel) ** 2)

    tl.check_grads(norm, (X, K))
    tl.check_grads(tl.grad(windows), (X, K))
