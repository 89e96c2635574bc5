"""Downloads of statements as XLSX and CSV."""
