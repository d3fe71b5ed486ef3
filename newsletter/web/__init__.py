"""The pages that readers' links lead to. Use `create_app` of app.py and `serve` of serve.py."""
