#!/bin/sh
# Make the secrets that docker-compose.yml wants, each its own, in a folder that git ignores. What is
# there already is kept: a database keeps the password that it was made with. Where neither the
# argument nor SECRETS_DIR names the folder, .env is told of it, which Compose reads.
# usage: scripts/make_secrets.sh [FOLDER]   default: SECRETS_DIR, else secrets
set -eu

folder=${1:-${SECRETS_DIR:-secrets}}
umask 077
mkdir -p "$folder"

random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

# make NAME CONTENT
make() {
  [ -s "$folder/$1" ] && return
  printf '%s' "$2" > "$folder/$1"
  # Containers run under ids of their own; the folder keeps everybody else out.
  chmod 444 "$folder/$1"
  echo "made $folder/$1"
}

make secret_key "$(random 32)"
make webhook_secret "whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
make database_password "$(random 24)"
make grafana_password "$(random 16)"
make minio_user "drumscribe-$(random 4)"
make minio_password "$(random 24)"

if [ "$#" -eq 0 ] && [ -z "${SECRETS_DIR:-}" ] && ! grep -q '^SECRETS_DIR=' .env 2>/dev/null; then
  # The file may end without the end of a line.
  if [ -s .env ] && [ -n "$(tail -c 1 .env)" ]; then echo >> .env; fi
  echo "SECRETS_DIR=$folder" >> .env
  echo "told .env of them"
fi
