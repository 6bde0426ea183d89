"""Scan a pkgsrc tree: give what `bmake pbulk-index` prints for every directory, but faster."""
