# The image of docker-compose.yml; ./run needs none.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MICROGUARD_VAR=/var/lib/microguard
WORKDIR /srv/microguard
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY manage.py .
COPY microguard microguard
COPY merchants merchants
COPY complaints complaints
COPY disputes disputes
COPY templates templates
COPY locale locale
RUN MICROGUARD_SERVERLESS=1 python manage.py translations build \
    && useradd --system --uid 10001 microguard \
    && install -d -o microguard -m 700 "$MICROGUARD_VAR"
USER microguard
