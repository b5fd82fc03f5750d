"""The service under load, under limits, in storms."""
