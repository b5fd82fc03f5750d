"""Hearing: from samples to hits."""
