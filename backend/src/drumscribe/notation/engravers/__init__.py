"""Engravers: a score becomes pages, drawn by programs that run under limits."""
