"""Rows that pages count and add up, summed by the mall's day: a page reads what it shows, not the table.

A package declares what is counted as a `Series` in its `day_sums.py`. A worker sums the days that are over (`summing`);
pages read those sums and count the rest, today above all, from the rows (`reading`). Who writes or changes a row of a
day that is over says so in the same transaction (`marks`), and until the worker has come by, that day is counted from
its rows, too. So a figure is right from the moment of the act, and a worker that was away costs time and no figure.
Why so: docs/decisions/0015-day-sums.md.
"""
