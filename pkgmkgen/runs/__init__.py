"""What runs leave in BULKLOG, read: results, outcomes, history, comparison, status."""
