"""Settings with attributes of every type, behind which a test writes its segments."""

from __future__ import annotations

HEAD = """
[newsletter]
name = "Letters"
base_url = "https://news.example.org"
[sender]
name = "Clinic"
address = "letters@example.org"
postal_address = "12 Example Street"
[attributes]
sport = { type = "choice", choices = ["la\u0308uft", "geht"] }
age = { type = "number" }
member = { type = "yes-no" }
seen = { type = "date" }
city = { type = "text" }
"""
