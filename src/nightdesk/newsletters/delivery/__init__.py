"""Sending an edition: its recipients, their states, the source that the sender asks."""
