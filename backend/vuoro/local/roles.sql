-- The four logins of Vuoro and its database. Safe to run again: it then only sets the passwords anew.
--
-- Run by psql as a superuser, by `vuoro demo` and by the database image of docker-compose.yml. Its inputs are
-- environment variables, so that no password shows in a process list:
--   VUORO_MIGRATOR_PASSWORD  VUORO_APP_PASSWORD  VUORO_WORKER_PASSWORD  VUORO_AUTH_PASSWORD
--
--   vuoro_migrator  owns the database and its tables; used by `vuoro migrate` alone
--   vuoro_app       the API; row-level security binds it
--   vuoro_worker    background jobs; row-level security binds it too
--   vuoro_auth      owns the sign-in tables and the look-up that runs before the organization is known
\set ON_ERROR_STOP on
\set QUIET on
\getenv migrator_password VUORO_MIGRATOR_PASSWORD
\getenv app_password VUORO_APP_PASSWORD
\getenv worker_password VUORO_WORKER_PASSWORD
\getenv auth_password VUORO_AUTH_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['vuoro_migrator', 'vuoro_app', 'vuoro_worker', 'vuoro_auth']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE vuoro_migrator LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION PASSWORD :'migrator_password';
ALTER ROLE vuoro_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION PASSWORD :'app_password';
ALTER ROLE vuoro_worker LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION PASSWORD :'worker_password';
ALTER ROLE vuoro_auth LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION PASSWORD :'auth_password';

-- The migrations create the sign-in tables and hand them to vuoro_auth.
GRANT vuoro_auth TO vuoro_migrator WITH INHERIT TRUE, SET TRUE;

SELECT 'CREATE DATABASE vuoro OWNER vuoro_migrator'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'vuoro')
\gexec

REVOKE ALL ON DATABASE vuoro FROM PUBLIC;
GRANT CONNECT ON DATABASE vuoro TO vuoro_app, vuoro_worker, vuoro_auth;
