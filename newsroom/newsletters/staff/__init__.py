"""What newsletter staff see and do in the Wagtail admin."""
