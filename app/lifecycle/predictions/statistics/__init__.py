"""The statistics of buying again: arrays and parameters in, arrays and parameters out; time in weeks, money in fen.

It rests on NumPy and SciPy, which take most of a second and 70 MB to load: nothing but `engine.load` may import it.
"""
