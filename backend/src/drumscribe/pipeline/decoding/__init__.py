"""Recordings decoded in a child under limits."""
