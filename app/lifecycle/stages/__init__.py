"""Stage and activity of every member: worked out for a day, kept with what moved, asked for any day of the past.

`rules` says what facts mean, for one member; `facts_sql` and `judging` say the same for all of them in SQL, and tests
hold the two equal.
"""
