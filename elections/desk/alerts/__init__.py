"""Alerts in the admin: the list, what is muted, and who is told."""
