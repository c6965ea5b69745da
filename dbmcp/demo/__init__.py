"""The demo database: the books of a made-up coffee roastery, built on first use."""
