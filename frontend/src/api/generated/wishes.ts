// Written by frontend/scripts/generate_wishes.py; do not edit.

/** What may be said about a song: limits, choices, and what holds where nothing is said. */
export const WISHES = {
  separation: {"standard": "auto", "needsSound": true, "choices": ["auto", "always", "never"]},
  sensitivity: {"standard": 0.5, "needsSound": false, "least": 0, "most": 1},
  sensitivity_by_instrument: {"standard": {}, "needsSound": false, "least": 0, "most": 1},
  start_seconds: {"standard": null, "needsSound": true, "least": 0, "most": 7200},
  end_seconds: {"standard": null, "needsSound": true, "least": 0, "most": 7200},
  audio_track: {"standard": null, "needsSound": true, "least": 1, "most": 100},
  accept_damaged: {"standard": false, "needsSound": true},
  bpm: {"standard": null, "needsSound": false, "least": 40, "most": 300},
  time_signature: {"standard": null, "needsSound": false, "mostBeats": 32, "finestBeat": 16, "shortestBarQuarters": 0.75},
  bar_one_at_seconds: {"standard": null, "needsSound": false, "least": 0, "most": 7200},
  tempo_factor: {"standard": 1.0, "needsSound": false, "choices": [0.5, 1.0, 2.0]},
  shift_beats: {"standard": 0, "needsSound": false, "least": -64, "most": 64},
  bars: {"standard": [], "needsSound": false, "most": 1000},
  title: {"standard": null, "needsSound": false, "longest": 200},
  artist: {"standard": null, "needsSound": false, "longest": 200},
  style: {"standard": "weinberg", "needsSound": false, "choices": ["weinberg", "musescore", "one-voice"]},
  drum_map: {"standard": "general-midi", "needsSound": false, "choices": ["general-midi", "toontrack", "addictive-drums", "roland-td"]},
  form: {"standard": "full", "needsSound": false, "choices": ["full", "chart"]},
  section_names: {"standard": null, "needsSound": false, "longest": 400},
  similes: {"standard": "paper", "needsSound": false, "choices": ["paper", "always", "never"]},
  paper: {"standard": "a4", "needsSound": false, "choices": ["a4", "letter"]},
  staff_size: {"standard": "normal", "needsSound": false, "choices": ["small", "normal", "large"]},
  bars_a_line: {"standard": null, "needsSound": false, "least": 1, "most": 8},
  drum_key: {"standard": "shown", "needsSound": false, "choices": ["shown", "hidden"]},
} as const;
