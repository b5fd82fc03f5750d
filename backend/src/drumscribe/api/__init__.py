"""The REST service: HTTP in, services in the middle, problem documents out."""
