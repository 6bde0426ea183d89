"""From a graph to bulk.mk: expected times, the order, gates, the text."""
