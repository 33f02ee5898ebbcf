#!/bin/sh
# Runs once, when the server's directory is new: for each service a database, a role that owns it
# and migrates it, and a role that works in it and can enter no other. Passwords are those in the
# secret files that the services are given, so that there is one place for each. No role can take
# all connections: a service has 16 (a pool of 8 for its process, and one for that which replaces
# it; with several processes POOL_SIZE is less), an owner 3; together they are fewer than the 100 of
# the server.
set -eu

secrets=${SECRETS:-/run/secrets}

password_in() {
  url=$(cat "$secrets/$1")
  url=${url#*://*:}
  printf '%s' "${url%@*}"
}

query() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres
}

query <<'SQL'
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SQL

for name in gateway indicators scoring survey ranking; do
  # By the environment: an argument would show in the list of processes.
  NAME=$name PASSWORD=$(password_in "${name}_database_url") \
    OWNER_PASSWORD=$(password_in "${name}_owner_database_url") query <<'SQL'
\getenv name NAME
\getenv password PASSWORD
\getenv owner_password OWNER_PASSWORD
SELECT :'name' || '_owner' AS owner \gset
CREATE ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB CONNECTION LIMIT 16 PASSWORD :'password';
CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB CONNECTION LIMIT 3 PASSWORD :'owner_password';
CREATE DATABASE :"name" OWNER :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"name" TO :"name";
\connect :"name"
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"name";
SQL
done
