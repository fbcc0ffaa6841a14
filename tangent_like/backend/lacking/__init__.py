"""What Numba lacks of NumPy, as loops that it compiles."""
