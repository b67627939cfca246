"""The parts of entity finding: names, spans, spaCy's recogniser, and which spans are one entity."""
