"""Heaps of ``heapq``, and lists in order of ``bisect``, as programs: they are differentiated as written.

Each stands for itself: none calls another.
"""

# mypy: allow-untyped-defs, allow-untyped-calls


def heappush(heap, item):
    """The new item moves towards the root, as far as it is less than those above it."""
    heap.append(item)
    at = len(heap) - 1
    while at > 0:
        above = (at - 1) >> 1
        parent = heap[above]
        if not item < parent:
            break
        heap[at] = parent
        at = above
    heap[at] = item


def heappop(heap):
    """The smaller of the items below moves up until there is none; then the last one to its place from there."""
    last = heap.pop()
    if not heap:
        return last
    first = heap[0]
    at, below, stop = 0, 1, len(heap)
    while below < stop:
        right = below + 1
        if right < stop and not heap[below] < heap[right]:
            below = right
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    while at > 0:
        above = (at - 1) >> 1
        parent = heap[above]
        if not last < parent:
            break
        heap[at] = parent
        at = above
    heap[at] = last
    return first


def heapreplace(heap, item):
    first = heap[0]
    at, below, stop = 0, 1, len(heap)
    while below < stop:
        right = below + 1
        if right < stop and not heap[below] < heap[right]:
            below = right
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    while at > 0:
        above = (at - 1) >> 1
        parent = heap[above]
        if not item < parent:
            break
        heap[at] = parent
        at = above
    heap[at] = item
    return first


def heappushpop(heap, item):
    if not heap or not heap[0] < item:
        return item
    first = heap[0]
    at, below, stop = 0, 1, len(heap)
    while below < stop:
        right = below + 1
        if right < stop and not heap[below] < heap[right]:
            below = right
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    while at > 0:
        above = (at - 1) >> 1
        parent = heap[above]
        if not item < parent:
            break
        heap[at] = parent
        at = above
    heap[at] = item
    return first


def heapify(x):
    stop = len(x)
    for start in range(stop // 2 - 1, -1, -1):
        item, at, below = x[start], start, 2 * start + 1
        while below < stop:
            right = below + 1
            if right < stop and not x[below] < x[right]:
                below = right
            x[at] = x[below]
            at = below
            below = 2 * at + 1
        while at > start:
            above = (at - 1) >> 1
            parent = x[above]
            if not item < parent:
                break
            x[at] = parent
            at = above
        x[at] = item


def bisect_right(a, x):
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if x < a[middle]:
            high = middle
        else:
            low = middle + 1
    return low


def bisect_left(a, x):
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if a[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


def put_in_order(a):
    """``a.sort()``: each item behind those before it that it is not less than."""
    for k in range(1, len(a)):
        item, low, high = a[k], 0, k
        while low < high:
            middle = (low + high) // 2
            if item < a[middle]:
                high = middle
            else:
                low = middle + 1
        for j in range(k, low, -1):
            a[j] = a[j - 1]
        a[low] = item


PROGRAMS = (heappush, heappop, heapify, heapreplace, heappushpop)
