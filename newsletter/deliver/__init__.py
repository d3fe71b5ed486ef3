"""Chunk by chunk through named states, resumable. Start with engine.py; the ports it needs stand in ports.py.

engine.py and run.py are the steps, flight.py one chunk on its way, orphans.py and rescue.py what was cut short. Decisions
are pure: moves.py what follows from an answer, trouble.py and route.py how long to wait and through whom to go on, pace.py
and window.py how fast and when, alarm.py when to stop.
"""
