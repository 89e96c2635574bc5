"""What the page of a case about receipts shows beside the question."""

from mall_console.kit.evidence import Panel
from mall_console.purchases import likeness, till_totals

CASE_PANELS = {
    "same_payment": Panel("console/_receipts_alike.html", likeness.of_case),
    "till_totals_differ": Panel("console/_till_totals.html", till_totals.of_case),
}
