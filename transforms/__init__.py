"""One room per step: a thin, labelled PTransform beside the plain code that does the work."""
