# One image, one process. Build: docker build -t groundswell .
# Run:  docker run -p 3000:3000 -v groundswell:/data --env-file .env groundswell
ARG BASE_IMAGE=python:3.12-slim
FROM ${BASE_IMAGE} AS build
WORKDIR /build
COPY requirements.lock ./
RUN python3 -m venv /opt/groundswell \
    && /opt/groundswell/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY digests digests
COPY nlp nlp
COPY storage storage
RUN /opt/groundswell/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps .

FROM ${BASE_IMAGE}
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin groundswell \
    && install --directory --owner groundswell --group groundswell /data
COPY --from=build /opt/groundswell /opt/groundswell
ENV PATH=/opt/groundswell/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=3000 \
    GROUNDSWELL_HOME=/data
WORKDIR /data
USER 10001
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python3", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\") or \"3000\"}/health', timeout=4)"]
CMD ["groundswell", "run"]
