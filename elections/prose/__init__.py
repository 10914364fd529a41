"""What a story says about races in its own words: live figures, checked facts, status words."""
