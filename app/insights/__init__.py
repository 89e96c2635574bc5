"""Figures about what members do: reads every package below, writes nothing. A figure's definition is its docstring."""
