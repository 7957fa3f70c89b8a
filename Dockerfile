# The second stage contains the result of the first one, without compilers and caches.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/hallway
COPY requirements.lock ./
RUN /opt/hallway/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY adapters ./adapters
COPY migrations ./migrations
RUN /opt/hallway/bin/pip install --no-cache-dir --no-deps . \
 && /opt/hallway/bin/python -m compileall -q /opt/hallway/lib

FROM python:3.11-slim
LABEL org.opencontainers.image.title="Hallway" \
      org.opencontainers.image.description="A conference companion for Discord and Slack" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/python:3.11-slim"
RUN useradd --uid 10001 --create-home --home-dir /home/hallway hallway \
 && install -d -o hallway -g hallway -m 0700 /data
COPY --from=build /opt/hallway /opt/hallway
ENV PATH=/opt/hallway/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HALLWAY_DATABASE_URL=sqlite:////data/hallway.db \
    HALLWAY_HTTP_HOST=0.0.0.0 \
    HALLWAY_HTTP_PORT=8080 \
    HALLWAY_LOG_FORMAT=json
# Works with a read-only root: only /data is written, and /tmp for a moment.
USER 10001
WORKDIR /home/hallway
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['HALLWAY_HTTP_PORT'] + '/healthz', timeout=4)"]
CMD ["hallway", "run"]
