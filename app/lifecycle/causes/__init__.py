"""Why a member has stopped coming: a cause with the evidence for it, which a person may correct.

What happened before the silence is judged once, when it has lasted long enough, from facts that others keep.
"""
