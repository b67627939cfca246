"""One file per job: options in, graph out."""
