"""Rows of onsets side by side."""
