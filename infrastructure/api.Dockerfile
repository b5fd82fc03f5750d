# The API: takes songs in, tells about jobs, engraves edited pages. No network (ONNX), no decoder.
# Build from the root of the repository: docker build -f infrastructure/api.Dockerfile .
# In a line of its own, where Dependabot finds it; --build-arg BASE_IMAGE=... takes another one.
ARG BASE_IMAGE=pinned
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS pinned

FROM ${BASE_IMAGE} AS builder
ENV UV_LINK_MODE=copy UV_NO_PROGRESS=1
WORKDIR /build
COPY backend/requirements-uv.lock backend/requirements-api.lock ./
RUN --mount=type=cache,target=/root/.cache \
    python3 -m venv --without-pip /opt/drumscribe \
    && python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock \
    && /opt/uv/bin/uv pip install --python /opt/drumscribe/bin/python --no-deps --require-hashes \
        -r requirements-api.lock
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
LABEL org.opencontainers.image.title="drumscribe-api" \
      org.opencontainers.image.description="DrumScribe's API: a song in, drum sheet music out" \
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
COPY backend/alembic.ini /opt/drumscribe/alembic.ini
COPY backend/migrations /opt/drumscribe/migrations
ENV PATH=/opt/drumscribe/bin:$PATH \
    ALEMBIC_CONFIG=/opt/drumscribe/alembic.ini \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    API_HOST=0.0.0.0 \
    DATA_DIR=/scratch \
    ARTIFACTS_DIR=/data/artifacts \
    MODEL_CACHE_DIR=/data/models \
    TMPDIR=/scratch
WORKDIR /scratch
USER 1001:1001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Alive, not ready: an API that has lost its database must not be restarted for that.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
ENTRYPOINT ["tini", "--"]
CMD ["drumscribe", "serve", "--no-workers"]
