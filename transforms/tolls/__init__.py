"""What ``transforms.figures`` is made of: words, numbers, and whether a clause tells what happened."""
