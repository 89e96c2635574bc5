"""What became of a file, in words for whoever runs the command, and why one cannot be read."""

from collections import Counter
from collections.abc import Mapping

from app.flows.history.files.errors import FileInvalid

_SAVE = "save it as CSV UTF-8 (in Excel and WPS: Save As, CSV UTF-8) and import that"
_FILE = {
    "too_wide": "has more than {most} columns: keep only those that are needed",
    "workbook": f"is a workbook (XLSX, XLS) or a ZIP archive, not text: open it and {_SAVE}",
    "utf16": f"is UTF-16 (what Excel calls Unicode Text): open it and {_SAVE}",
    "markup": f"is a web page or XML, whatever its name ends in: open it in Excel or WPS and {_SAVE}",
    "other": f"is no text: {_SAVE}",
    "carriage_returns": f"has lines that end in CR alone, as on old Macs: open it and {_SAVE}",
}

# What the summary counts, in the words of whoever runs the command.
REMARKS = {
    "refunds": "are refunds",
    "free": "cost nothing",
    "below_zero": "are below zero within a purchase and lessen it",
}
_CAUSES = {
    "refunded_receipt_not_found": "refunds of a refund or of another merchant's receipt",
    "refund_exceeds_purchase": "refunds of more than is left of the receipt",
    "negative_purchase": "below zero without the receipt they refund",
    "positive_refund": "refunds that are not below zero",
    "receipt_conflict": "receipts that are here with other content",
    "store_not_found": "of stores that are not here",
    "no_value": "with a word for nothing where a number should be",
    "spreadsheet": "with a number that a program has rewritten",
    "guard": "with a guard of text that can be read in two ways",
    "missing": "with an empty cell that is needed",
    "yuan": "with an amount that is none",
    "fen": "with an amount that is none",
    "moment": "with a time that is none",
    "moment_order": "with a day that could be two",
    "moment_serial": "with the number of a day in a spreadsheet",
    "moment_range": "before 1990 or in the future",
    "phone": "with a phone number that is none",
    "columns": "with more or fewer cells than the header",
    "no_contract_terms": "of days without contract terms",
    "card_taken": "with a card of somebody else",
    "lines": "of receipts with too many lines",
    "receipt": "that are right, of a receipt with a wrong row",
}


def causes_in_words(causes: Mapping[str, int]) -> Counter[str]:
    """The kinds of rejects, for the summary."""
    told: Counter[str] = Counter()
    for cause, count in causes.items():
        told[_CAUSES.get(cause.partition("/")[0], "for other reasons")] += count
    return told


def explain_file(name: str, error: FileInvalid) -> str:
    """Why a file cannot be read, and what to do about it."""
    facts = error.facts
    if facts["reason"] in _FILE:
        return f"{name} {_FILE[facts['reason']].format_map(facts)}"
    if facts["reason"] == "encoding":
        readings = "; ".join(f"with --encoding {encoding} {word}" for encoding, word in facts["readings"].items())
        return f"it cannot be told what {name} is written in, say so with --encoding. The first words are: {readings}"
    if facts["reason"] == "empty":
        return f"{name} has no header; it needs {', '.join(facts['columns'])}"
    parts = (("misses", facts["missing"]), ("has unknown or repeated", facts["wrong"]))
    return f"the header of {name} " + "; ".join(f"{what} {', '.join(found)}" for what, found in parts if found)
