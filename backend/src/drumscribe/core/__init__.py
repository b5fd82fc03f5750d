"""What every part of the service shares: settings, logging, telemetry."""
