"""The database: jobs, artifacts, events, webhook deliveries, API keys (SQLite, PostgreSQL)."""
