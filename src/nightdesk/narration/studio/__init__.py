"""From the sounds of sentences to files that readers hear. Knows no Django."""
