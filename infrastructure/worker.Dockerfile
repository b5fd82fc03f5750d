# The workers and the clock: decode, hear (ONNX Runtime), engrave (LilyPond), fetch links (deno).
# (pip stays: some models are fetched through it.)
# Build from the root of the repository: docker build -f infrastructure/worker.Dockerfile .
# In a line of its own, where Dependabot finds it; --build-arg BASE_IMAGE=... takes another one.
ARG BASE_IMAGE=pinned
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS pinned

FROM ${BASE_IMAGE} AS builder
ENV UV_LINK_MODE=copy UV_NO_PROGRESS=1
WORKDIR /build
COPY backend/requirements-uv.lock backend/requirements-server.lock ./
RUN --mount=type=cache,target=/root/.cache \
    python3 -m venv /opt/drumscribe \
    && python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock \
    && /opt/uv/bin/uv pip install --python /opt/drumscribe/bin/python --require-hashes \
        -r requirements-server.lock
COPY backend/pyproject.toml backend/README.md ./
COPY backend/migrations migrations
COPY backend/src src
# Last: what only a build needs, the libraries' own tests, the scripts around LilyPond (they carry a
# Python of their own), and the descriptions of all Amazon services but storage and its logins.
RUN /opt/uv/bin/uv pip install --python /opt/drumscribe/bin/python --no-deps --no-build-isolation . \
    && /opt/uv/bin/uv pip uninstall --python /opt/drumscribe/bin/python \
        editables hatchling pathspec pluggy trove-classifiers \
    && find /opt/drumscribe -type d -name tests -path '*/site-packages/*' -prune -exec rm -rf {} + \
    && find /opt/drumscribe -type d -path '*/lilypond-binaries/*' \
        \( -name python3.10 -o -name locale -o -name emacs \) -prune -exec rm -rf {} + \
    && rm -f /opt/drumscribe/lib/python3*/site-packages/lilypond-binaries/libexec/python3.10 \
    && find /opt/drumscribe/lib/python3*/site-packages/botocore/data -mindepth 1 -maxdepth 1 -type d \
        ! -name s3 ! -name 'sso*' ! -name sts -exec rm -rf {} + \
    && python3 -m compileall -q -j 0 /opt/drumscribe/lib/python3*/site-packages/drumscribe

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="drumscribe-worker" \
      org.opencontainers.image.description="DrumScribe's workers: hear drums, write them down" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="MIT"
# LilyPond's wheel exists for x86_64 only; elsewhere it comes from the system.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && if [ "$(dpkg --print-architecture)" != amd64 ]; then \
         apt-get install --yes --no-install-recommends lilypond; fi \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 1001 drumscribe \
    && useradd --uid 1001 --gid 1001 --no-create-home --home-dir /scratch --shell /usr/sbin/nologin drumscribe \
    && mkdir -p /data/artifacts /data/models /scratch \
    && chown -R 1001:1001 /data /scratch
COPY --from=builder /opt/drumscribe /opt/drumscribe
COPY scripts/download_models.sh scripts/entrypoint-worker.sh /opt/drumscribe/scripts/
ENV PATH=/opt/drumscribe/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ORT_DISABLE_TELEMETRY=1 \
    DATA_DIR=/scratch \
    ARTIFACTS_DIR=/data/artifacts \
    MODEL_CACHE_DIR=/data/models \
    PROMETHEUS_PORT=9100 \
    TMPDIR=/scratch
WORKDIR /scratch
USER 1001:1001
EXPOSE 9100
# A worker gives its step back at the next checkpoint and goes; nothing is lost.
STOPSIGNAL SIGTERM
# The parent of the pool answers on its metrics port as soon as it hears the queue, and complains
# when steps wait and it takes none; it then ends itself (WORKER_DEAF_SECONDS). (Remote control, which
# `celery inspect ping` needs, is off: it is a door into every worker.)
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9100/health', timeout=8)"]
ENTRYPOINT ["tini", "--", "/opt/drumscribe/scripts/entrypoint-worker.sh"]
CMD ["drumscribe", "worker"]
