"""Records to HTML. Every text that is not ours is escaped."""
