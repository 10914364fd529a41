"""The demonstration: ``load`` fills the site, ``start_replay`` keeps the count moving.

Import it once Django is set up.
"""

from newsroom.project.demo.load import load
from newsroom.project.demo.people import LOGINS
from newsroom.project.demo.playback import start_replay

__all__ = ["LOGINS", "load", "start_replay"]
