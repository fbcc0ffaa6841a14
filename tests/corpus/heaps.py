"""Heaps of the library: priority queues of events, shortest ways, Huffman; sorted lists that items are put into."""

import bisect
import heapq
from heapq import heappop, heappush

from case import Case, listed, num, vec, whole

CASES: list[Case] = []
case = listed(CASES)

NUMBERS = [1.3, 0.2, 2.1, 0.9, 1.7, 0.5]


@case(NUMBERS)
def sorted_by_a_heap(xs):
    heap = []
    for v in xs:
        heapq.heappush(heap, v * v)
    total = 0.0
    k = 1
    while heap:
        total += k * heapq.heappop(heap)
        k += 1
    return total


@case(NUMBERS)
def huffman(xs):
    heap = list(xs)
    heapq.heapify(heap)
    cost = 0.0
    while len(heap) > 1:
        p = heapq.heappop(heap)
        q = heapq.heappop(heap)
        cost += p * q
        heapq.heappush(heap, p + q)
    return cost


EDGES = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]


@case([0.9, 1.7, 0.4, 1.6, 0.8])
def shortest_way(ws):
    distance = [float("inf")] * 4
    distance[0] = 0.0
    queue = [(0.0, 0)]
    while queue:
        d, u = heappop(queue)
        if d > distance[u]:
            continue
        for e in range(5):
            p, q = EDGES[e]
            if p == u and d + ws[e] < distance[q]:
                distance[q] = d + ws[e]
                heappush(queue, (distance[q], q))
    return distance[3] ** 2 + distance[2]


@case(num(0.3), num(0.4), whole(0, 8), wrt=(0, 1))
def events(a, b, n):
    queue = [(a, 0), (b, 1)]
    heapq.heapify(queue)
    total = 0.0
    for _ in range(n):
        t, kind = heapq.heappop(queue)
        total += t * t * (kind + 1)
        heapq.heappush(queue, (t + a, 0) if kind == 0 else (t + 0.5 * b, 1))
    return total


@case(num(0.3), num(0.4), wrt=(0, 1))
def events_until(a, b):
    queue = []
    queue.append((a, 1.0))
    queue.append((b * 0.5, 2.0))
    heapq.heapify(queue)
    total = 0.0
    while queue and queue[0][0] < 3.0:
        t, w = heapq.heappop(queue)
        total += w * t
        heapq.heappush(queue, (t + a + b, w * 1.1))
    return total + len(queue) * a


@case(NUMBERS, whole(1, 4))
def largest_so_far(xs, n):
    heap = []
    total = 0.0
    for v in xs:
        if len(heap) < n:
            heapq.heappush(heap, v)
        else:
            gone = heapq.heappushpop(heap, v)
            total += gone * gone
    return total + heap[0]


@case(NUMBERS, num(0.1), wrt=(0, 1))
def replaced(xs, a):
    heap = [v for v in xs]
    heapq.heapify(heap)
    for _ in range(4):
        least = heapq.heapreplace(heap, heap[0] * 1.5 + a)
        a = a + 0.1 * least
    return heapq.heappop(heap) * a


@case(NUMBERS)
def put_in_order(xs):
    ordered = []
    for v in xs:
        bisect.insort(ordered, v)
    return ordered[0] * ordered[-1] + ordered[len(ordered) // 2] ** 2


@case(NUMBERS)
def some_of_the_largest(xs):
    return sum(v * v for v in heapq.nlargest(3, xs)) + heapq.nsmallest(2, xs)[1]


@case(vec(5))
def largest_by_a_key(x):
    return sum(v**3 for v in heapq.nlargest(2, list(x), key=abs))


@case(NUMBERS)
def heap_that_is_summed(xs):
    heap = []
    for v in xs:
        heapq.heappush(heap, v * v)
    return sum((k + 1) * v for k, v in enumerate(heap))


@case(NUMBERS)
def second_of_a_heap(xs):
    heap = []
    for v in xs:
        heapq.heappush(heap, v * v)
    return heap[1] * heap[0]


@case(NUMBERS)
def list_that_is_no_heap(xs):
    heap = [v * v for v in xs]
    heapq.heappush(heap, xs[0])
    return heapq.heappop(heap)


def pushed(heap, v):
    heapq.heappush(heap, v)


@case(NUMBERS)
def heap_that_a_function_fills(xs):
    heap = []
    for v in xs:
        pushed(heap, v)
    return heap[0] * heap[1]


@case(NUMBERS)
def queue_of_pairs(ws):
    queue = [(0.0, 0)]
    total = 0.0
    for w in ws:
        d, u = queue.pop(0)
        total += d * w + u
        queue.append((d + w, u + 1))
        queue.append((d * w, u + 1))
    return total


@case(num())
def chain_by_a_heap(a):
    heap = [(0.0, 0)]
    cost = {0: a, 1: a * a, 2: 3 * a}
    total = 0.0
    while heap:
        c, u = heapq.heappop(heap)
        total += c * c * (u + 1) + cost[u]
        if u < 2:
            heapq.heappush(heap, (c + a, u + 1))
    return total


@case(num())
def numbers_put_first(a):
    order, total = [0], 0.0
    cost = {0: a, 1: a * a, 2: 3.0}

    def put(k):
        order.insert(0, k)

    for k in range(3):
        total += total * a + cost[order[0]]
        put(k)
    return total


@case(num())
def numbers_put_into_each_row(a):
    rows, total = [[0], [0]], 0.0
    cost = {0: a, 1: a * a, 2: 3.0}
    for k in range(3):
        for row in rows:
            total += total * a + cost[row[0]]
        for row in rows:
            row.insert(0, k)
    return total


@case(num(), num())
def tree_by_places(a, b):
    nodes = [(a, 1, 2), (b, 3, -1), (a * b, -1, -1), (a + b, -1, -1)]
    stack = [(0, 1.0)]
    total = 0.0
    while stack:
        i, d = stack.pop()
        v, left, right = nodes[i]
        total += v * d
        if left >= 0:
            stack.append((left, d * 0.5))
        if right >= 0:
            stack.append((right, d * 0.7))
    return total
