"""One file an engine: what is known of it without importing it, and how it speaks in the child."""
