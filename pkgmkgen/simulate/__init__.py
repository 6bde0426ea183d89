"""What make would do with a plan, without doing it."""
