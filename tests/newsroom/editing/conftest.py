"""An election night, for stories about races."""

from tests.elections.conftest import election, night, results_folder, source

__all__ = ["election", "night", "results_folder", "source"]
