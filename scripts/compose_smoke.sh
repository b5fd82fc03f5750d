#!/usr/bin/env bash
# Bring the whole of docker-compose.yml up on this machine, run a song through the page's proxy, hurt
# it, measure it, take everything down. No registry is asked where --standins is given: base images
# are then made of Debian packages (scripts/compose_standins.sh).
#
# usage: scripts/compose_smoke.sh [--standins] [--keep-images]
# needs docker (Debian: docker.io) and compose v1 or v2; as root it starts an engine of its own if
# none runs. Prints a report; the exit code is 0 if everything held.
set -euo pipefail
cd "$(dirname "$0")/.."
# A wrapper of the same name may stand in front of the engine's own client.
export PATH=/usr/bin:/usr/sbin:$PATH DOCKER_BUILDKIT=1
standins= keep=
for option in "$@"; do
    case $option in
        --standins) standins=1 ;;
        --keep-images) keep=1 ;;
        *) sed -n '2,9p' "$0"; exit 2 ;;
    esac
done
work=$(mktemp -d /var/tmp/drumscribe-smoke-XXXXXX)
engine=
export COMPOSE_PROJECT_NAME=drumscribe-smoke SECRETS_DIR=$work/secrets
export API_IMAGE=drumscribe-api:smoke WORKER_IMAGE=drumscribe-worker:smoke FRONTEND_IMAGE=drumscribe-frontend:smoke
export HTTP_PORT=${HTTP_PORT:-3999} RECONCILE_INTERVAL_SECONDS=5 LEASE_SECONDS=10

compose() {
    if docker compose version >/dev/null 2>&1; then docker compose -f docker-compose.yml "$@"
    else docker-compose -f docker-compose.yml "$@"; fi
}

clean_up() {
    result=$?
    set +e
    if [ $result -ne 0 ]; then compose ps; compose logs --tail 30; fi >&2
    compose --profile observability down --volumes --timeout 30 >/dev/null 2>&1
    [ -z "$keep" ] && docker rmi drumscribe-{api,worker,frontend}:smoke >/dev/null 2>&1
    [ -n "$engine" ] && kill "$engine"
    rm -rf "$work"
    exit $result
}
trap clean_up EXIT

if ! docker info >/dev/null 2>&1; then
    dockerd --data-root /var/tmp/drumscribe-smoke-engine --exec-root "$work/exec" --pidfile "$work/pid" \
        --host "unix://$work/docker.sock" >"$work/dockerd.log" 2>&1 &
    engine=$!
    export DOCKER_HOST=unix://$work/docker.sock
    for _ in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 1; done
fi

build=()
if [ -n "$standins" ]; then
    docker image inspect prometheus:standin alertmanager:standin >/dev/null 2>&1 || scripts/compose_standins.sh
    export POSTGRES_IMAGE=postgres:standin REDIS_IMAGE=redis:standin
    export PROMETHEUS_IMAGE=prometheus:standin ALERTMANAGER_IMAGE=alertmanager:standin
    build=(--network host)
fi
echo "## Images"
for image in api worker frontend; do
    base=()
    if [ -n "$standins" ]; then
        base=(--build-arg "BASE_IMAGE=python:standin")
        [ $image = frontend ] &&
            base=(--build-arg "SERVER_IMAGE=caddy:standin" --build-arg "BASE_IMAGE=node:standin")
    fi
    began=$SECONDS
    docker build --quiet "${build[@]}" "${base[@]}" -f infrastructure/$image.Dockerfile \
        -t drumscribe-$image:smoke . >/dev/null
    took=$((SECONDS - began))
    size=$(docker image inspect -f '{{.Size}}' drumscribe-$image:smoke)
    below=0
    [ -n "$standins" ] && below=$(docker image inspect -f '{{.Size}}' "${base[1]#*=}")
    awk -v n=$image -v s="$size" -v b="$below" -v t=$took \
        'BEGIN {printf "%s: %.0f MB (%.0f MB above its base), built in %d s\n", n, s / 1e6, (s - b) / 1e6, t}'
done

scripts/make_secrets.sh >/dev/null
began=$SECONDS
services=(frontend worker-default worker-heavy beat)
compose up -d --no-build "${services[@]}" >/dev/null 2>"$work/up.log" || { cat "$work/up.log" >&2; exit 1; }
compose --profile observability up -d --no-build prometheus alertmanager >/dev/null 2>&1
python3 scripts/compose_check.py "http://127.0.0.1:$HTTP_PORT" "$COMPOSE_PROJECT_NAME" --began $((SECONDS - began))
