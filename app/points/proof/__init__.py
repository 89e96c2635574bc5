"""The nightly proof of points: every account against its entries and lots, and the whole against itself.

What holds, for each member and for all of them: accrued − taken back + adjusted + forgiven + moved in − moved out
− spent + given back − expired − forfeited = available + held − owed. The open lots add up to what is available, the
open holds to what is held, and each entry's balance is that of the one before it and its points. A proof reads one
moment, repairs nothing, and keeps what it found, so that a night that could not be proved is known as well as one
that could.
"""
