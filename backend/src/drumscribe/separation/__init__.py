"""Separation: the drums out of a mix."""
