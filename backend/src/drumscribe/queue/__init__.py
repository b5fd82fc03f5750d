"""Ways to wake somebody up for due steps: child processes of our own, or Celery with Redis."""
