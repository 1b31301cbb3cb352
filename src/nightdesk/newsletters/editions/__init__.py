"""Editions: what stands in one, how it looks in a mail, digests by rule, the archive."""
