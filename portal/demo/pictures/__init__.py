"""Pictures of the demo towns, drawn by the project: an old press, few inks, halftone dots, newsprint."""
