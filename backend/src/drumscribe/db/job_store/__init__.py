"""The job store: the row is the queue."""
