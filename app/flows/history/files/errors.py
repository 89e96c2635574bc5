"""What can be wrong with a row of a file, before anybody looks at what it says."""

from app.kernel.errors import DomainError


class FileInvalid(DomainError):
    """The file cannot be read as a table. Facts: reason.

    Reasons: empty, columns (fact columns; for columns also missing, wrong); workbook, utf16, markup, other,
    carriage_returns (what the file is); too_wide (more columns than fact most); encoding (nobody can tell; fact
    readings: the first words, by encoding); layout (made for another number of columns). Of workbooks: too_large,
    too_many_rows (fact most), broken, sheet (it has none of that name), merged (rows from fact row on share a cell),
    formula (nothing was saved with fact cell).
    """

    code = "file_invalid"


class RowInvalid(DomainError):
    """A row cannot be read, or (as a note) not all of it can be kept. Facts: reason, column.

    Reasons: encoding, too_long, quotes, columns (how many there are), unnamed (something under an empty header),
    missing, no_value (a word for nothing; fact: text), guard (of text, that can be read in two ways), word, text, long,
    spreadsheet (a number that a program has rewritten), fen, yuan, moment, moment_order (the year does not come first),
    moment_serial (a spreadsheet's day number), moment_range, phone, line_no, lines (more than fact most). Of a row that
    says otherwise than the row in fact line of the same receipt: line_differs, line_apart (in time), line_twice (its
    number), line_again (nothing: the same elsewhere in the file), line_category (others have one); and receipt: the row
    is right, the one in fact line is wrong. Of names that are lost: name_no_name, name_long, name_broken. Of footfall:
    hour, hour_missing (the day has no time and there is no column for it), hour_twice (otherwise in the row in fact
    line), visitors (no whole number up to fact most). Of day totals: count (the same), total_twice (otherwise in
    the row in fact line).
    """

    code = "row_invalid"
