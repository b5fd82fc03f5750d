"""What only the service speaks of: how long jobs are kept, links, webhooks, set lists."""
