"""Scores composed by chance, and players of all kinds."""
