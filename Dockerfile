# syntax=docker/dockerfile:1
# One file for five images: docker build --build-arg SERVICE=survey -t kaoping/survey .
# SERVICE is indicators, scoring, survey, ranking or gateway. An image holds that one, the chassis
# and what they need; no other service, no tests, no embedded database, no shell and no pip.
# Both that it begins from can be taken from a registry of one's own.
ARG PYTHON_IMAGE=python:3.11-slim
ARG UV_IMAGE=ghcr.io/astral-sh/uv:0.13.9

FROM ${UV_IMAGE} AS uv

FROM ${PYTHON_IMAGE} AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_PROJECT_ENVIRONMENT=/app/.venv \
    UV_PYTHON_DOWNLOADS=never \
    UV_SYSTEM_CERTS=1 \
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
COPY deploy/image_root.py /
RUN /app/.venv/bin/python /image_root.py /image

FROM scratch
ARG SERVICE
ENV SERVICE=${SERVICE} \
    PATH=/app/.venv/bin \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MIGRATIONS=/app/migrations
COPY --from=build /image /
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 CMD ["python", "start.py", "ready"]
ENTRYPOINT ["python", "start.py"]
CMD ["serve"]
