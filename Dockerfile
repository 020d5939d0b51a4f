FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    SIDEBYSIDE_VAR=/var/lib/sidebyside \
    XDG_CACHE_HOME=/tmp

# What WeasyPrint needs to set type (see launch/machine.py).
# Debian keeps one version per release and withdraws it with the next security update: a pin would break the build then.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /app sidebyside \
    && install --directory --owner=sidebyside --group=sidebyside "$SIDEBYSIDE_VAR"

WORKDIR /app
COPY requirements/requirements.lock requirements/
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements/requirements.lock
COPY . .
RUN python -m compileall -q .

USER 10001
VOLUME ["/var/lib/sidebyside"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-m", "launch.health", "web"]
CMD ["gunicorn", "sidebyside.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--forwarded-allow-ips", "", "--forwarder-headers", ""]
