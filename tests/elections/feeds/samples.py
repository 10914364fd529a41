"""Where the recorded documents of real elections are; not everybody has them."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
SAMPLES = Path(os.environ.get("NEWSROOM_SAMPLE_DATA", CHECKOUT.parent / "shared" / "data"))
