"""Places' names: where they come from, how they are spelled, and what around them shows that one is meant."""
