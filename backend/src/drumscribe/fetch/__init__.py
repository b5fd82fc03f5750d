"""Recordings that are fetched from elsewhere."""
