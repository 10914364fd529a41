"""Two lists of the same people, ours and a newsletter service's, kept the same."""
