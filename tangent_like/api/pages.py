"""Memory that arrays leave stays with the process, for those who come after them.

glibc takes a block above its threshold from the system, and gives the top of its heap back when twice the threshold is
free there. Pages from the system are cleared when they are first touched, which costs more than the arithmetic of a
derivative on them: its temporaries outnumber those of its primal, which stay below the threshold. The threshold rises
to the size of any such block that is freed (mallopt(3), M_MMAP_THRESHOLD): one is taken and freed, untouched.
"""

from __future__ import annotations

import functools
import sys

BLOCK = 32 * 1024 * 1024 - 65536  # the largest that moves the threshold


@functools.cache
def keep_pages() -> None:
    """Raise the threshold, once; elsewhere than with glibc, or where the environment has set it, nothing happens."""
    if sys.platform != "linux":
        return
    import ctypes  # NumPy has loaded it; tracemalloc does not see what it takes, as it sees np.empty

    try:
        library = ctypes.CDLL(None)
        malloc, free = library.malloc, library.free
    except (OSError, AttributeError):
        return
    malloc.restype, malloc.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
    free.restype, free.argtypes = None, (ctypes.c_void_p,)
    free(malloc(BLOCK))
