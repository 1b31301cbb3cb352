"""What it costs to read a story aloud, and what comes out of it."""
