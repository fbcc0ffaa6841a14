"""Probabilities by their logarithms, of which some are 0: states that nothing reaches. And circuits, and trees."""

from collections import namedtuple

import numpy as np

from case import Case, mat, num, takes, vec

NEVER = float("-inf")


def labels_in_order(logits, labels=(1, 2, 1)):
    logp = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    ext = [0]
    for label in labels:
        ext += [label, 0]
    alpha = np.full((len(logp), len(ext)), -np.inf)
    alpha[0, 0] = logp[0, 0]
    alpha[0, 1] = logp[0, ext[1]]
    for t in range(1, len(logp)):
        for s in range(len(ext)):
            a = alpha[t - 1, s]
            if s > 0:
                a = np.logaddexp(a, alpha[t - 1, s - 1])
            if s > 1 and ext[s] != 0 and ext[s] != ext[s - 2]:
                a = np.logaddexp(a, alpha[t - 1, s - 2])
            alpha[t, s] = a + logp[t, ext[s]]
    return -np.logaddexp(alpha[-1, -1], alpha[-1, -2])


def states_in_order(transitions, seen):
    a = np.full(3, -np.inf)
    a[0] = 0.0
    a = a + seen[0]
    steps = np.where(np.tri(3, dtype=bool).T, transitions, -np.inf)
    for t in range(1, len(seen)):
        a = np.logaddexp.reduce(a[:, None] + steps, axis=0) + seen[t]
    return np.logaddexp.reduce(a)


def never(count):
    return [NEVER] * count


def of_lists(x):
    s = never(4)
    s[2] = x[0]
    total = NEVER
    for v in s:
        total = np.logaddexp(total, v + x[1])
    return total


def entry_by_entry(x):
    a = np.full(4, -np.inf)
    a[1] = x[0]
    b = np.logaddexp(a, np.array([-np.inf, x[1], -np.inf, x[2]]))
    return np.sum(np.exp2(np.logaddexp2(b, a)))


def flipped_where(state, control, target):
    new = state.copy()
    place = [slice(None)] * state.ndim
    place[control] = 1
    new[tuple(place)] = np.flip(state[tuple(place)], axis=target - 1 if target > control else target)
    return new


def circuit(x):
    n = 3
    state = np.zeros((2,) * n)
    state[0, 0, 0] = 1.0
    for q in range(n):
        turn = np.array([[np.cos(x[q]), -np.sin(x[q])], [np.sin(x[q]), np.cos(x[q])]])
        state = np.moveaxis(np.tensordot(turn, state, axes=([1], [q])), 0, q)
    state = flipped_where(state, 0, 1)
    return np.sum(state[0] ** 2) - 0.3 * np.sum(state[:, 1] ** 2)


Node = namedtuple("Node", "name left right length")
TREE = Node("root", Node("ab", Node("a", None, None, 0), Node("b", None, None, 1), 2), Node("c", None, None, 3), None)


def pruned(node, lengths, tips):
    if node.left is None:
        return lengths[node.length] * tips[node.name]
    return pruned(node.left, lengths, tips) * pruned(node.right, lengths, tips) + lengths[0]


def tree_of_the_module(x, a):
    return pruned(TREE, x, {"a": a, "b": 3.0, "c": 1.0})


CASES = [
    Case(labels_in_order, takes(mat(5, 3)), (0,)),
    Case(states_in_order, takes(mat(3, 3), mat(4, 3)), (0, 1)),
    Case(of_lists, takes(vec(3))),
    Case(entry_by_entry, takes(vec(3))),
    Case(circuit, takes(vec(3))),
    Case(tree_of_the_module, takes(vec(4), num()), (0, 1)),
]
