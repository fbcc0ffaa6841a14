"""Memory: parts of joined arrays, stores, and copies that keep what shares memory sharing it."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.lists import added


def pieces(y_bar, arrays, axis=0):
    """Return the parts of ``y_bar`` that belong to the arrays of ``np.concatenate(arrays, axis)``.

    A list of views, or of an array an array; with ``axis=None`` in the arrays' own shapes. Only shapes of ``arrays``
    matter.
    """
    sizes = [np.size(x) if axis is None else np.shape(x)[axis] for x in arrays]
    parts = np.split(y_bar, np.cumsum(sizes[:-1]), 0 if axis is None else axis)
    found = [np.reshape(part, np.shape(x)) for part, x in zip(parts, arrays, strict=True)]
    return np.array(found) if isinstance(arrays, np.ndarray) else found


def unstack(y_bar, axis=0):
    """Return a view of ``y_bar`` whose k-th entry belongs to the k-th item of ``np.stack``."""
    return np.moveaxis(y_bar, axis, 0)


def add_at(x_bar, index, g):
    """Add ``g`` to ``x_bar[index]`` in place, as often as an element is named in ``index``; of a list, to the item."""
    if isinstance(x_bar, list):
        x_bar[index] = added(x_bar[index], g)
    elif isinstance(x_bar, (float, np.generic)):
        raise ValueError("entries of a number are taken, and its kind was not known: annotate the argument")
    else:
        np.add.at(x_bar, index, g)


def stored(a_bar, index):
    """Return the adjoint of ``v`` in ``a[index] = v``, of the shape of ``a[index]``.

    Where ``index`` names an element more than once, the last store wins, and gets all. Which one
    that is, NumPy says: it stores the numbers of the stores.
    """
    v_bar = a_bar[index]
    number = np.arange(np.size(v_bar)).reshape(np.shape(v_bar))
    last = np.empty_like(a_bar, dtype=np.intp)
    last[index] = number
    return np.where(last[index] == number, v_bar, 0)


def isolate(values):
    """Return a deep copy of tuples, lists and dicts of arrays and scalars, aliasing kept.

    What was one object is one object in the copy, and arrays that overlap in memory overlap in the
    same way: they are rebuilt over one new buffer. Anything else is taken as it is.
    """
    arrays = {}
    seen, waiting = set(), [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, np.ndarray):
            arrays[id(value)] = value
        elif isinstance(value, (tuple, list, dict)) and id(value) not in seen:
            seen.add(id(value))
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return rebuilt(values, copy_overlapping(list(arrays.values())))


def rebuilt(value, copies):
    """Return the value in tuples, lists and dicts of its own, around what ``copies`` has, by ``id``, for what is in it.

    What was one list or dict is one: ``copies`` gets it, too.
    """
    # Not inside of isolate: a function that finds itself in its closure is a cycle, and would hold the arrays until
    # the collector comes by.
    if id(value) in copies:
        return copies[id(value)]
    if isinstance(value, list):
        copies[id(value)] = []
        copies[id(value)].extend(rebuilt(item, copies) for item in value)
        return copies[id(value)]
    if isinstance(value, dict):
        copies[id(value)] = {}
        copies[id(value)].update((key, rebuilt(item, copies)) for key, item in value.items())
        return copies[id(value)]
    if isinstance(value, tuple):
        parts = tuple(rebuilt(item, copies) for item in value)
        return type(value)(*parts) if hasattr(value, "_fields") else parts
    return value.copy() if hasattr(value, "tocsc") else value  # a sparse matrix


def copy_overlapping(arrays):
    """Return a copy of each array, by ``id``, such that copies overlap where the arrays do."""
    copies = {id(a): a.copy(order="K") for a in arrays if a.size == 0 or a.dtype.hasobject}
    bounds = np.lib.array_utils.byte_bounds
    spans = sorted((*bounds(a), k) for k, a in enumerate(arrays) if id(a) not in copies)
    start = 0
    while start < len(spans):
        low, end, _ = spans[start]
        stop = start + 1
        while stop < len(spans) and spans[stop][0] < end:
            end = max(end, spans[stop][1])
            stop += 1
        group = [arrays[k] for _, _, k in spans[start:stop]]
        memory = np.empty(end - low if len(group) > 1 else 0, np.uint8)
        for a in group:
            if len(group) == 1:
                copies[id(a)] = a.copy(order="K")
            else:
                offset = a.__array_interface__["data"][0] - low
                copies[id(a)] = np.ndarray(a.shape, a.dtype, memory, offset, a.strides)
                copies[id(a)][...] = a
        start = stop
    return copies


def same_view(x_bar, x, view):
    """Return the view of ``x_bar`` that ``view`` is of ``x``: the same array, or a reshape that shares its memory.

    Whether ``np.reshape`` copies depends on the layout, and ``np.asarray`` on the dtype. Where one did,
    writing through the copy does not reach ``x``, and the text around this call would be wrong: a
    ``ValueError`` says so.
    """
    mirrored = x_bar.reshape(view.shape)
    if not (np.may_share_memory(view, x) and np.may_share_memory(mirrored, x_bar)) and view.size:
        raise ValueError("a copy was made of an array that is written in place: call .copy() on it first")
    return mirrored


def refuse_smear(place, value):
    """Raise a ``ValueError`` if ``place[...] = value`` gives what depends on the order of the copying.

    NumPy copies one-dimensional views of one memory without a buffer: where they overlap and their
    strides differ, it reads what it has just written, and no derivative says what that is.
    """
    if np.ndim(place) == 1 and np.ndim(value) == 1 and np.shares_memory(place, value):
        if place.strides != value.strides and place.strides[0] * value.strides[0] > 0:
            into, out = (a.__array_interface__["data"][0] + a.strides[0] * np.arange(a.size) for a in (place, value))
            if place.itemsize == value.itemsize and not np.any(np.isin(out, into) & (out != into)):
                return  # what both have, they have at one position
            raise ValueError("an array is assigned to an overlapping view of itself: call .copy() on the right")


def refuse_overlap(written, *others):
    """Raise a ``ValueError`` if an argument that is written shares memory with another argument."""
    for other in others:
        if isinstance(written, np.ndarray) and isinstance(other, np.ndarray) and np.may_share_memory(written, other):
            raise ValueError("an argument that is written shares memory with another: pass a copy of one of them")
        if isinstance(written, list) and written is other:
            raise ValueError("a list that is written is two of the arguments: pass a copy of one of them")


def refuse_whole(x):
    """Raise a ``ValueError`` if ``x``, into which a value with a derivative is stored, holds whole numbers."""
    if isinstance(x, np.ndarray) and x.dtype.kind in "iub":
        raise ValueError("a value with a derivative is stored into an array of whole numbers: pass an array of floats")
    if isinstance(x, (list, tuple, dict)):
        raise ValueError("what a list or a dict holds is replaced, and its kind was not known: annotate the argument")


def refuse_held(x):
    """Raise a ``ValueError`` if ``x``, of which a copy is written, holds arrays or lists: these would be no copies."""
    items = x.values() if isinstance(x, dict) else x if isinstance(x, (list, tuple)) else ()
    if any(isinstance(item, (np.ndarray, list, dict)) for item in items):
        raise ValueError("what a list or a dict holds is written, and its kind was not known: annotate the argument")


def refuse_integers(x):
    """Raise a ``ValueError`` if ``x``, into which a value with a derivative is stored, is an array of whole numbers."""
    if isinstance(x, np.ndarray) and x.dtype.kind in "iub":
        raise ValueError("a value with a derivative is stored into an array of whole numbers: make it one of floats")


def refuse_array(x, said="+="):
    """Raise a ``ValueError`` if ``x``, of which ``+=`` would be seen by other names, is an array or a list."""
    if isinstance(x, (np.ndarray, list)):
        raise ValueError(f"{said} writes into what others hold, and its kind was not known: annotate the arguments")


def refuse_no_array(x):
    """Raise a ``ValueError`` if ``x``, into which a function writes by ``+=``, is no array: it would be bound anew."""
    if not isinstance(x, np.ndarray):
        raise ValueError("this derivative is for an array here: annotate the arguments (float) for one of numbers")


def refuse_complex(x):
    """Raise a ``ValueError`` if ``x``, of which a rule for real numbers is used, is complex."""
    if isinstance(x, (list, tuple)):
        for item in x:
            refuse_complex(item)
    elif np.iscomplexobj(x):
        raise ValueError("this derivative is for real numbers: annotate complex ones (complex), or what holds them")


def refuse_rank(x, rank):
    """Raise a ``ValueError`` if the array ``x`` has not as many axes as the way back was written for."""
    if np.ndim(x) != rank:
        raise ValueError(f"this is differentiated for an array of {rank} axes, and this one has {np.ndim(x)}")


def refuse_repeating(values, places):
    """Raise a ``ValueError`` if ``values`` are neither one number nor as many as there are places."""
    if np.shape(values) not in ((), np.shape(places)):
        raise ValueError("values that are repeated to fill the places: pass one, or one for each place")


def refuse_twice(indices, a, axis):
    """Raise a ``ValueError`` if ``indices`` name an entry of ``a``, along ``axis``, twice."""
    rows = np.moveaxis(indices, -1 if axis is None else axis, -1) % (np.size(a) if axis is None else np.shape(a)[axis])
    if np.any(np.diff(np.sort(rows)) == 0):
        raise ValueError("places that repeat, of which the last one holds: put into each once")


def refuse_strided(x):
    """Raise a ``ValueError`` unless ``x`` lies in memory as a copy of it would.

    Whether a reshape of it is a view, through which it can be written, depends on that.
    """
    if isinstance(x, np.ndarray) and not x.flags.c_contiguous:
        raise ValueError("an argument that is written through a reshape is not contiguous: pass a copy of it")


def put_along(a, indices, values, axis):
    """Return ``a`` with ``values`` where ``np.put_along_axis(a, indices, values, axis)`` puts them."""
    found = np.array(a)
    np.put_along_axis(found, indices, values, axis)
    return found
