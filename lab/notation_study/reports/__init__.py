"""What came out, as rows, lines with bars, tables and a page of the reference."""
