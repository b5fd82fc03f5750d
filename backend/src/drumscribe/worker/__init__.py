"""The Celery worker: a shell around services.run_step."""
