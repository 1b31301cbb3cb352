"""English as American newsrooms read it aloud."""
