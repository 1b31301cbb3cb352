"""Moving in and out: what other systems saved becomes stories here, and the other way round."""
