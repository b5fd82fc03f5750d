"""Toms: how high each stroke sounds, and which tom of the kit it therefore was."""
