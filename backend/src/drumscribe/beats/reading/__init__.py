"""Bars from evidence: every way to count the music is scored, and the likeliest pages are kept."""
