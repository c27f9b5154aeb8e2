"""Pure rules of staging and refreshing."""
