"""Files of addresses: read, judged, brought in by the one door, and undone."""
