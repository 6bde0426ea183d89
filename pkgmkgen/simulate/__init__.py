"""Models of make and forecasts; nothing is executed."""
