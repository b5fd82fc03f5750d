"""The chain of pure stages and what drives it in memory."""
