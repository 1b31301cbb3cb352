"""The breaking banner: one line across every page of an edition, until a time."""
