"""The four problems of ADBench, written from their formulas in plain NumPy, with readers of its published data.

F. Srajer, Z. Kukelova, A. Fitzgibbon: A benchmark of selected algorithmic differentiation tools on some
problems in computer vision and machine learning. Optimization Methods and Software 33 (2018).
"""
