"""Emitted functions made ready for Numba: constants as arguments, lists as stacks, whole arrays as loops."""
