"""Points, a currency with a ledger: entries only grow; available - debt = sum of entries; available = sum of lots."""
