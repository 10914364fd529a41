"""Every text that readers see, and the catalogs with what it is called in other languages."""
