"""Measuring: how well hits are heard and how well pages are written."""
