"""Issues of newsletters, out of stories: saved at a service, looked at, and sent once."""
