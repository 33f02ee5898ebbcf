# syntax=docker/dockerfile:1
# One file for five images: docker build --build-arg SERVICE=survey -t kaoping/survey .
# SERVICE is indicators, scoring, survey, ranking or gateway. An image holds that one, the chassis
# and what they need; no other service, no tests, no embedded database.
ARG PYTHON=3.11

FROM ghcr.io/astral-sh/uv:0.13.9 AS uv

FROM python:${PYTHON}-slim AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_PROJECT_ENVIRONMENT=/app/.venv \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
WORKDIR /src
# The lock is checked against every member of the workspace, so all of them are needed here;
# folders are named one by one, so that var/ and deploy/secrets/ never come along.
COPY pyproject.toml uv.lock ./
COPY libs libs
COPY services services
COPY gateway gateway
COPY cli cli
ARG SERVICE
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-editable --all-extras --package "$SERVICE"
RUN cd "$([ "$SERVICE" = gateway ] && echo gateway || echo "services/$SERVICE")" \
    && cp -r alembic.ini migrations /app/
COPY deploy/start.py /app/

FROM python:${PYTHON}-slim
ARG SERVICE
ENV SERVICE=${SERVICE} \
    PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MIGRATIONS=/app/migrations
# Where the gateway keeps its signing keys; a volume that is mounted here takes over the owner.
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/kaoping /var/lib/checkpoints
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --start-interval=1s --retries=3 CMD ["python", "start.py", "ready"]
ENTRYPOINT ["python", "start.py"]
CMD ["serve"]
