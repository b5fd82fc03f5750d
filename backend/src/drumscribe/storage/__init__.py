"""Where files live: a folder, or a bucket of an S3 store."""
