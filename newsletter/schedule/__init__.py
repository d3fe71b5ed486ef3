"""When: clock times, zones, recurrences. Decides only."""
