"""The steps of a job, as workers do them."""
