#!/bin/sh
# Runs once, when PostgreSQL makes its files: the owner migrates, the application owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v application="$APPLICATION_PASSWORD" \
    --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE microguard_owner LOGIN PASSWORD :'owner';
CREATE ROLE microguard_app LOGIN PASSWORD :'application';
CREATE DATABASE microguard OWNER microguard_owner;
SQL
