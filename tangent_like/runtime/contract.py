"""Sums of products over named or listed axes: einsum, tensordot, kron, cross, convolutions."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.broadcast import unbroadcast, widen


def einsum_labels(subscripts, operands):
    """Return the labels of each operand's axes, and those of the result: lists of letters and numbers.

    ``subscripts`` is the text that ``np.einsum`` takes. The axes under an ellipsis are numbered from the
    back: -1 is the last.
    """
    if not isinstance(subscripts, str):
        raise TypeError("np.einsum is differentiated with its subscripts as text: 'ij,j->i'")
    subscripts = subscripts.replace(" ", "")
    inputs, arrow, output = subscripts.partition("->")
    texts = inputs.split(",")
    labels = []
    for text, x in zip(texts, operands, strict=True):
        head, dots, tail = text.partition("...")
        under = range(len(head) + len(tail) - np.ndim(x), 0) if dots else ()
        labels.append([*head, *under, *tail])
    under = range(min([k for found in labels for k in found if isinstance(k, int)], default=0), 0)
    if arrow:
        head, dots, tail = output.partition("...")
        return labels, [*head, *(under if dots else ()), *tail]
    letters = inputs.replace(",", "").replace(".", "")
    return labels, [*under, *sorted(k for k in set(letters) if letters.count(k) == 1)]


def einsum_adjoint(y_bar, k, subscripts, operands):
    """Return the adjoint of operand number ``k`` in ``np.einsum(subscripts, *operands)``.

    Of that operand only the shape matters. What it sums alone is spread; what it has twice is a diagonal.
    """
    labels, result = einsum_labels(subscripts, operands)
    x, own = operands[k], labels[k]
    numbers = {label: n for n, label in enumerate(dict.fromkeys(n for found in [*labels, result] for n in found))}
    y_bar = widen(y_bar, np.shape(y_bar), *operands)
    given = [y_bar, [numbers[n] for n in result]]
    known = set(result)
    for j, other in enumerate(operands):
        if j != k:
            given += [other, [numbers[n] for n in labels[j]]]
            known.update(labels[j])
    once = list(dict.fromkeys(own))
    found = np.einsum(*given, [numbers[n] for n in once if n in known])
    found = np.expand_dims(found, tuple(axis for axis, n in enumerate(once) if n not in known))
    sizes = dict(zip(own, np.shape(x), strict=True))
    for axis, n in enumerate(once):  # an axis of one entry under an ellipsis was broadcast
        if sizes[n] == 1 and found.shape[axis] != 1:
            found = found.sum(axis=axis, keepdims=True)
    found = np.broadcast_to(found, [sizes[n] for n in once])
    if len(once) == len(own):
        return np.array(found)
    x_bar = np.zeros(np.shape(x), found.dtype)
    diagonal = np.einsum(x_bar, [numbers[n] for n in own], [numbers[n] for n in once])
    diagonal[...] = found
    return x_bar


def einsum_tangent(x_dot, k, subscripts, operands):
    """Return the tangent of ``np.einsum(subscripts, *operands)`` by operand number ``k`` alone."""
    return np.einsum(subscripts, *operands[:k], x_dot, *operands[k + 1 :])


def tensordot_axes(x, y, axes=2):
    """Return the axes of ``x`` and of ``y`` that ``np.tensordot(x, y, axes)`` sums, counted from the front."""
    if np.ndim(axes) == 0:
        return list(range(np.ndim(x) - axes, np.ndim(x))), list(range(axes))
    x_axes, y_axes = (list(np.atleast_1d(side)) for side in axes)
    return [int(k) % np.ndim(x) for k in x_axes], [int(k) % np.ndim(y) for k in y_axes]


def tensordot_left(z_bar, x, y, axes=2):
    """Return the adjoint of ``x`` in ``np.tensordot(x, y, axes)``; only the shape of ``x`` matters."""
    x_axes, y_axes = tensordot_axes(x, y, axes)
    x_rest = [k for k in range(np.ndim(x)) if k not in x_axes]
    y_rest = [k for k in range(np.ndim(y)) if k not in y_axes]
    z_bar = widen(z_bar, [np.shape(x)[k] for k in x_rest] + [np.shape(y)[k] for k in y_rest], x, y)
    x_bar = np.tensordot(z_bar, y, (range(len(x_rest), z_bar.ndim), y_rest))
    # its axes: those of x that stay, then those summed, in the order of y
    order = x_rest + [x_axes[k] for k in np.argsort(y_axes)]
    return np.transpose(x_bar, np.argsort(order))


def tensordot_right(z_bar, x, y, axes=2):
    """Return the adjoint of ``y`` in ``np.tensordot(x, y, axes)``; only the shape of ``y`` matters."""
    x_axes, y_axes = tensordot_axes(x, y, axes)
    x_rest = [k for k in range(np.ndim(x)) if k not in x_axes]
    y_rest = [k for k in range(np.ndim(y)) if k not in y_axes]
    z_bar = widen(z_bar, [np.shape(x)[k] for k in x_rest] + [np.shape(y)[k] for k in y_rest], x, y)
    y_bar = np.tensordot(x, z_bar, (x_rest, range(len(x_rest))))
    order = [y_axes[k] for k in np.argsort(x_axes)] + y_rest
    return np.transpose(y_bar, np.argsort(order))


def kron_blocks(z_bar, x, y):
    """Return ``z_bar``, of the shape of ``np.kron(x, y)``, with two axes for each: the block, and the place in it."""
    ndim = max(np.ndim(x), np.ndim(y))
    blocks = (1,) * (ndim - np.ndim(x)) + np.shape(x)
    sizes = (1,) * (ndim - np.ndim(y)) + np.shape(y)
    z_bar = widen(z_bar, [m * n for m, n in zip(blocks, sizes, strict=True)], x, y)
    return z_bar.reshape([n for pair in zip(blocks, sizes, strict=True) for n in pair])


def kron_left(z_bar, x, y):
    """Return the adjoint of ``x`` in ``np.kron(x, y)``; only the shape of ``x`` matters."""
    blocks = kron_blocks(z_bar, x, y)
    ndim = blocks.ndim // 2
    y = np.reshape(y, (1,) * (ndim - np.ndim(y)) + np.shape(y))
    return np.tensordot(blocks, y, (range(1, 2 * ndim, 2), range(ndim))).reshape(np.shape(x))[()]


def kron_right(z_bar, x, y):
    """Return the adjoint of ``y`` in ``np.kron(x, y)``; only the shape of ``y`` matters."""
    blocks = kron_blocks(z_bar, x, y)
    ndim = blocks.ndim // 2
    x = np.reshape(x, (1,) * (ndim - np.ndim(x)) + np.shape(x))
    return np.tensordot(blocks, x, (range(0, 2 * ndim, 2), range(ndim))).reshape(np.shape(y))[()]


def cross_adjoint(z_bar, y, x, axis=-1):
    """Return the adjoint of ``x`` in ``np.cross(x, y, axis=axis)``, of vectors of three entries.

    That of ``y`` is the same of ``-z_bar`` and ``x``. Only the shape of the last argument matters.
    """
    if np.shape(x)[axis] != 3 or np.shape(y)[axis] != 3:
        raise ValueError("np.cross is differentiated for vectors of three entries")
    if axis in (-1, np.ndim(x) - 1) and axis in (-1, np.ndim(y) - 1):
        return unbroadcast(np.cross(y, z_bar, axis=axis), x)
    rows = [np.moveaxis(a, axis, -1) for a in (x, y, z_bar)]  # the axis is counted in each: they need not have as many
    return np.moveaxis(unbroadcast(np.cross(rows[1], rows[2]), rows[0]), -1, axis)


def convolve_full(z_bar, x, y, mode="full"):
    """Return ``z_bar``, of the shape of ``np.convolve(x, y, mode)``, with zeros for what the mode leaves out."""
    m, n = np.size(x), np.size(y)
    of = [v for v in (x, y) if not isinstance(v, list | tuple)]
    full = np.zeros(m + n - 1, np.result_type(z_bar, *of, 0.0))
    kept = {"full": m + n - 1, "same": max(m, n), "valid": max(m, n) - min(m, n) + 1}[mode]
    start = {"full": 0, "same": (min(m, n) - 1) // 2, "valid": min(m, n) - 1}[mode]
    full[start : start + kept] = z_bar
    return full


def convolve_left(z_bar, x, y, mode="full"):
    """Return the adjoint of ``x`` in ``np.convolve(x, y, mode)``; only the shape of ``x`` matters."""
    full = convolve_full(z_bar, x, y, mode)
    return np.convolve(full, np.ravel(y)[::-1], "valid").reshape(np.shape(x))[()]


def correlate_full(z_bar, x, y, mode="valid"):
    """Return ``z_bar``, of the shape of ``np.correlate(x, y, mode)``, with zeros for what the mode leaves out."""
    m, n = np.size(x), np.size(y)
    full = np.zeros(m + n - 1, np.result_type(z_bar, x, y, 0.0))
    kept = {"full": m + n - 1, "same": max(m, n), "valid": max(m, n) - min(m, n) + 1}[mode]
    same = min(m, n) // 2 if m >= n else (min(m, n) - 1) // 2
    start = {"full": 0, "same": min(m, n) - 1 - same, "valid": min(m, n) - 1}[mode]
    full[start : start + kept] = z_bar
    return full


def correlate_left(z_bar, x, y, mode="valid"):
    """Return the adjoint of ``x`` in ``np.correlate(x, y, mode)``; only the shape of ``x`` matters."""
    full = correlate_full(z_bar, x, y, mode)
    return np.convolve(full, np.ravel(y), "full")[np.size(y) - 1 : np.size(y) - 1 + np.size(x)]


def correlate_right(z_bar, x, y, mode="valid"):
    """Return the adjoint of ``y`` in ``np.correlate(x, y, mode)``; only the shape of ``y`` matters."""
    full = correlate_full(z_bar, x, y, mode)
    return np.convolve(np.ravel(x), full[::-1], "full")[np.size(x) - 1 : np.size(x) - 1 + np.size(y)]
