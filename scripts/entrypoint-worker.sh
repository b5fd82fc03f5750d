#!/bin/sh
# Start of a worker's container: models first, then the command (default: a worker of both queues).
# MODELS_TO_DOWNLOAD names the models; empty downloads none.
set -eu

folder=$(dirname "$0")
for model in ${MODELS_TO_DOWNLOAD-beats}; do
  # Without them a worker still works (a built-in beat tracker, no separation), so a store that is
  # down does not keep it from starting.
  "$folder/download_models.sh" "${MODEL_CACHE_DIR:-/data/models}" "$model" ||
    echo "The model $model could not be fetched; going on without it." >&2
done
if [ "$#" -eq 0 ]; then
  set -- "${DRUMSCRIBE:-drumscribe}" worker
fi
exec "$@"
