"""What is true: the tables, the clocks, the reads (metrics) and the writes (commands)."""
