"""Bars laid over beats that stay where they are: what somebody said of them, and how it is laid."""
