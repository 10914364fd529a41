"""The demonstration: ``load`` fills the site, ``start_replay`` keeps the count moving.

Import it once Django is set up.
"""

from newsroom.project.demo.load import load
from newsroom.project.demo.pages import stand_at
from newsroom.project.demo.people import LOGINS
from newsroom.project.demo.playback import start_replay

__all__ = ["LOGINS", "load", "stand_at", "start_replay"]
