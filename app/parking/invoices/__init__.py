"""Invoices (发票) that members wish for the money they paid for parking; the mall's people issue them elsewhere.

A paid payment has at most one wish. People are asked by a case; its answer is the state that the member sees. A wish
that could not be fulfilled may be corrected, which asks again.
"""
