"""From a pkgsrc tree to its index: what `bmake pbulk-index` says of every directory, asked fast."""
