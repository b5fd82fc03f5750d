#!/bin/sh
# Start of a worker's container: models first, then the command (default: a worker of both queues).
# MODELS_TO_DOWNLOAD names the models; empty downloads none.
set -eu

folder=$(dirname "$0")
for model in ${MODEL_URI:+detector} ${MODELS_TO_DOWNLOAD-beats}; do
  # Without them a worker still starts: a built-in beat tracker stands in, and the transcriber of
  # MODEL_URI is tried again by the first job.
  "$folder/download_models.sh" "${MODEL_CACHE_DIR:-/data/models}" "$model" ||
    echo "The model $model could not be fetched; going on without it." >&2
done
if [ "$#" -eq 0 ]; then
  set -- "${DRUMSCRIBE:-drumscribe}" worker
fi
exec "$@"
