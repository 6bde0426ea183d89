"""Read what runs left in BULKLOG: results, outcomes, history, comparison, status."""
