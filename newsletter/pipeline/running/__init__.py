"""Beginning what is due, and everything that cron does."""
