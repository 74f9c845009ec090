"""The walls between portals inside the Wagtail admin, and the check that each of them stands (docs/tenancy.md)."""
