"""Calls to addresses that strangers gave."""
