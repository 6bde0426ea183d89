"""From an index to a graph: what each package depends on, and why some cannot be built."""
