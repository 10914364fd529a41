# Two images: `site` runs web, worker, beat and migrate; `front` is nginx with the static files.

FROM python:3.13-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/production.txt /
RUN /venv/bin/pip install --requirement /production.txt


FROM python:3.13-slim-bookworm AS site
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=newsroom.project.settings.production \
    NEWSROOM_VAR_DIR=/srv
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent newsroom \
    && install --directory --owner newsroom /srv/media /srv/results
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py ./
COPY deploy/gunicorn.conf.py deploy/
COPY newsroom newsroom
COPY elections elections
COPY templates templates
# Collecting files needs the settings and none of what they name.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput --verbosity 0
USER newsroom
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "newsroom.project.wsgi"]


FROM nginxinc/nginx-unprivileged:1.28-alpine AS front
ENV LISTEN=8080 \
    APP=web:8000 \
    FILES_ROOT=/srv \
    CACHE_DIR=/tmp/pages \
    RESOLVER=127.0.0.11 \
    PUBLIC_SCHEME=https
COPY deploy/nginx/newsroom.conf.template /etc/nginx/templates/default.conf.template
COPY --from=site /srv/static /srv/static
EXPOSE 8080
