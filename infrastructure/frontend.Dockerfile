# The web page: a static export, served by Caddy, which passes /api on to the service.
# Build from the root of the repository: docker build -f infrastructure/frontend.Dockerfile .
# In lines of their own, where Dependabot finds them; --build-arg BASE_IMAGE=... and SERVER_IMAGE=...
# take others.
ARG BASE_IMAGE=pinned
ARG SERVER_IMAGE=pinned-server
FROM node:24-alpine@sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43 AS pinned
FROM caddy:2.11.7-alpine@sha256:d8542f48d34a9cf4e4c11a478865229840e87e4c96ea3f439101f31a5d35f75f AS pinned-server

FROM ${BASE_IMAGE} AS builder
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --no-audit --no-fund --loglevel=error
COPY frontend ./
COPY examples/funk-rock.flac ../examples/
COPY examples/page ../examples/page
RUN npm run --silent build

FROM ${SERVER_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="drumscribe-frontend" \
      org.opencontainers.image.description="DrumScribe's web page" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="MIT"
# The program may use ports below 1024 by a capability of its file; a container without any
# capability cannot start such a file. A copy has none.
RUN cp /usr/bin/caddy /usr/bin/caddy-plain && mv /usr/bin/caddy-plain /usr/bin/caddy
COPY frontend/server/Caddyfile /etc/caddy/Caddyfile
COPY --from=builder /build/frontend/out /srv
# It keeps nothing, but wants to write down who it is; the root is read-only.
ENV PORT=3000 \
    API_URL=http://api:8000 \
    XDG_CONFIG_HOME=/tmp \
    XDG_DATA_HOME=/tmp
USER 1001:1001
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=15s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/healthz"]
# It handles its signals itself and starts no other process, so it needs no init of its own.
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
