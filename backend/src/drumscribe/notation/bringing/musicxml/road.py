"""The way through a MusicXML part: repeats, endings and jumps as road signs, similes as bars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from drumscribe.domain.form.road_signs import TWICE, Jump, RoadSigns


def road_signs(measures: Sequence[ET.Element]) -> list[RoadSigns]:
    """The signs of each bar; a bar within a bracket of endings has its numbers."""
    found: list[RoadSigns] = []
    ending: tuple[int, ...] = ()
    for measure in measures:
        signs, ending = _signs(measure, ending)
        found.append(signs)
    goes_to_the_top = any(m.find(".//sound[@dacapo]") is not None for m in measures)
    if goes_to_the_top and found and not any(signs.has_segno for signs in found):
        found[0] = replace(found[0], has_segno=True)
    return found


def _signs(measure: ET.Element, ending: tuple[int, ...]) -> tuple[RoadSigns, tuple[int, ...]]:
    begins, ends, still = False, 0, True
    here = ending
    for line in measure.iterfind("barline"):
        bracket = line.find("ending")
        if bracket is not None:
            if bracket.get("type") == "start":
                here = tuple(int(n) for n in re.findall(r"\d{1,3}", bracket.get("number", "")))
            else:
                still = False
        repeat = line.find("repeat")
        if repeat is not None and repeat.get("direction") == "forward":
            begins = True
        elif repeat is not None:
            ends = _times(repeat)
    sounds = [sound.attrib for sound in measure.iter("sound")]
    signs = RoadSigns(
        begins_repeat=begins,
        ends_repeat=ends,
        ending=here,
        has_segno=any("segno" in said for said in sounds),
        begins_coda=any("coda" in said for said in sounds),
        goes_to_coda=any("tocoda" in said for said in sounds),
        is_fine=any("fine" in said for said in sounds),
        jump=Jump.DAL_SEGNO_AL_FINE
        if any("dalsegno" in said or "dacapo" in said for said in sounds)
        else None,
    )
    return signs, here if still else ()


def _times(repeat: ET.Element) -> int:
    times = repeat.get("times", "")
    return max(TWICE, int(times)) if re.fullmatch(r"\d{1,3}", times) else TWICE


def similes(measures: Sequence[ET.Element]) -> list[int]:
    """How many bars the repeat sign over each bar repeats; 0 where there is none."""
    spans: list[int] = []
    span = 0
    for measure in measures:
        for style in measure.iterfind("attributes/measure-style/measure-repeat"):
            said = (style.text or "").strip()
            span = 0
            if style.get("type") == "start":
                span = int(said) if re.fullmatch(r"[1-8]", said) else 1
        spans.append(span)
    return spans
