"""The case that a wish for an invoice is."""

from app.parking.invoices.asking import INVOICE_WISHED

CASE_KINDS = {INVOICE_WISHED.code: INVOICE_WISHED}
