"""drumscribe evaluate: hits and pages against known truth."""
