"""How well pages are written: scores with known truth, played, read back and compared."""
