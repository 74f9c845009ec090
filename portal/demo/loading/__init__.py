"""From plans to rows. Each step finds what is already there by its natural key, and adds what is missing."""
