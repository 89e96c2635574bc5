"""Figures about what members do: reads every room below, writes nothing. Each figure's definition is its docstring."""
