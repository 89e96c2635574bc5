"""What can be wrong with a row of a file, before anybody looks at what it says."""

from app.kernel.errors import DomainError


class FileInvalid(DomainError):
    """The file cannot be read as a table. Facts: reason (empty, columns), columns; for columns also missing, wrong."""

    code = "file_invalid"


class RowInvalid(DomainError):
    """A row cannot be read. Facts: reason, column.

    Reasons: encoding, too_long, quotes, columns (how many there are), missing, word, text, long, spreadsheet (a number
    that a spreadsheet has rewritten), fen, moment, moment_range, phone, line_no, lines_differ (a receipt's lines
    contradict each other), receipt (another line of the receipt is wrong).
    """

    code = "row_invalid"
