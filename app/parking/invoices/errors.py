"""Refusals about invoices."""

from app.kernel.errors import DomainError


class TitleInvalid(DomainError):
    """A title has two characters at least. Fact: most."""

    code = "invoice_title_invalid"


class TaxNumberInvalid(DomainError):
    """No unified social credit code: eighteen signs, of which the last one checks the others."""

    code = "invoice_tax_no_invalid"


class EmailInvalid(DomainError):
    """No e-mail address."""

    code = "invoice_email_invalid"


class NothingToInvoice(DomainError):
    """No money was paid, or not yet: coupons and points have no invoice."""

    kind = "conflict"
    code = "invoice_nothing_paid"


class InvoiceAsked(DomainError):
    """The payment has its wish already."""

    kind = "conflict"
    code = "invoice_asked"
