"""Figures of whole months, counted after each night and kept: measures of each stage, moves against targets, cohorts.

A page reads what was kept. A month is counted again every night until a month after its end, because facts may be told
late; from then on it stays as it is.
"""
