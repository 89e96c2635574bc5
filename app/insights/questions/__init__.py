"""Figures: each with its definition in its docstring."""
