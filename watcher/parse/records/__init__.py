"""What scrapers and databases export: JSON, JSON Lines and CSV, by the usual names of their fields."""
