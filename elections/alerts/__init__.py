"""What the desk is told without looking: what to tell, whom, and how it goes out."""
