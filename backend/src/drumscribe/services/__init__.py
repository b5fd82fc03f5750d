"""The use cases of the service, over ports: no web, no queue, no database, no settings."""
