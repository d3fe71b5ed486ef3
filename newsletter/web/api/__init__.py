"""The JSON API below /api/v1 (docs/api.md). Use `create_api` of app.py; FastAPI is imported only where that is."""
