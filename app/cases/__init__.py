"""Work items for people: what a machine could not settle waits here for somebody who decides.

Whoever raises cases exports the kinds of them from `case_kinds.py` and their words from `wording.py`; this package
knows no kind. It stands above staff and malls and knows nothing of what cases are about: that is text, `<kind>:<id>`.
"""
