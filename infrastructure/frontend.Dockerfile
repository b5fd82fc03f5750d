# The web page: a static export, and a small server that passes /api on to the service.
# Build from the root of the repository: docker build -f infrastructure/frontend.Dockerfile .
# In a line of its own, where Dependabot finds it; --build-arg BASE_IMAGE=... takes another one.
ARG BASE_IMAGE=pinned
FROM node:24-alpine@sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43 AS pinned

FROM ${BASE_IMAGE} AS builder
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --no-audit --no-fund --loglevel=error
COPY frontend ./
COPY examples/funk-rock.flac ../examples/
RUN npm run --silent build

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="drumscribe-frontend" \
      org.opencontainers.image.description="DrumScribe's web page" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
# The server uses nothing but Node.js itself: no node_modules here.
COPY --from=builder /build/frontend/out out
COPY --from=builder /build/frontend/server server
COPY --from=builder /build/frontend/package.json ./
ENV NODE_ENV=production \
    PORT=3000 \
    API_URL=http://api:8000
USER 1001:1001
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=15s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# It handles its signals itself and starts no other process, so it needs no init of its own.
CMD ["node", "server/serve.mjs"]
