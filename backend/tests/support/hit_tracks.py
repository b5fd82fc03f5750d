"""Three short tracks, annotated and transcribed, with every case that the protocol has a rule for.

The figures that tests expect of them were computed once by another implementation of the protocol.
"""

from __future__ import annotations

import json
from pathlib import Path

# A double (0.500, 0.512), a difference of exactly 50 ms (1.000), one of exactly 25 ms (1.500),
# cross-stick and tambourine, strokes that only one way of matching pairs all of (3.000, 3.060).
REFERENCES = {
    "Funk_subclass.txt": """
0.000 KD
0.500 SD
0.512 SDD
0.500 CHH
1.000 KD
1.000 CHH
1.500 SST
1.500 PHH
1.750 SDG
2.000 KD
2.000 OHH
2.250 TMB
2.500 SD
2.500 CHH
3.000 KD
3.060 KD
3.500 CRC
3.500 KD
""",
    "MusicDelta_Jazz_subclass.txt": """
0.10 RDC
0.43 RDB
0.60 RDC
0.76 HFT
0.93 LFT
1.10 CHC
1.10 KD
1.43 SDB
1.60 RDC
1.93 HIT
2.10 MHT
2.30 SPC
""",
    "Pop_subclass.txt": """
0.2 KD
0.6 SD
1.0 KD
1.4 SD
""",
}

ESTIMATES = {
    "Funk": [
        (0.004, "kick", 100),
        (0.506, "snare", 90),
        (0.498, "hihat_closed", 60),
        (1.050, "kick", 80),
        (1.001, "hihat_open", 70),
        (1.525, "sidestick", 50),
        (1.490, "hihat_closed", 40),
        (2.010, "kick", 99),
        (2.002, "hihat_open", 77),
        (2.251, "hihat_closed", 20),
        (2.530, "snare", 88),
        (2.535, "snare", 101),
        (3.045, "kick", 60),
        (3.090, "kick", 61),
        (3.480, "ride", 100),
        (3.505, "kick", 110),
    ],
    "Jazz": [
        (0.11, "ride", 50),
        (0.44, "ride", 52),
        (0.76, "tom_mid", 70),
        (0.92, "tom_low", 71),
        (1.12, "crash", 90),
        (1.13, "cymbal", 90),
        (1.40, "snare", 30),
        (1.60, "crash", 60),
        (1.94, "tom", 60),
        (2.07, "tom_mid", 60),
        (2.20, "hihat", 25),
    ],
    "Pop": [
        (0.21, "kick", 64),
        (0.64, "snare", 64),
        (1.40, "snare", 64),
        (1.40, "hihat_closed", 10),
        (1.80, "kick", 64),
    ],
}


def write(folder: Path) -> tuple[Path, Path]:
    """The tracks as files; returns the folders of references and of estimates."""
    references, estimates = folder / "references", folder / "estimates"
    references.mkdir(parents=True)
    estimates.mkdir()
    for name, text in REFERENCES.items():
        (references / name).write_text(text.strip() + "\n")
    for track, hits in ESTIMATES.items():
        rows = [{"time": t, "instrument": name, "velocity": v} for t, name, v in hits]
        (estimates / f"{track}.json").write_text(json.dumps(rows))
    return references, estimates
