#!/bin/sh
# Fetch the models before the first job needs them (an image build, an init container, a volume).
# usage: scripts/download_models.sh [CACHE_DIR [MODEL...]]   default: MODEL_CACHE_DIR, "beats"
# "beats" (5 MB) finds beats and bars; "htdemucs" (174 MB, personal and research use) takes the drums
# out of a mix; "detector" is the transcriber at MODEL_URI (fetched by default if that is set); "all"
# is everything.
set -eu

if [ "$#" -gt 0 ]; then
  MODEL_CACHE_DIR=$1
  export MODEL_CACHE_DIR
  shift
fi
if [ "$#" -eq 0 ]; then
  set -- beats
  if [ -n "${MODEL_URI:-}" ]; then
    set -- detector beats
  fi
fi
exec "${DRUMSCRIBE:-drumscribe}" models download --quiet "$@"
