# Makes the cluster once, then becomes the server. The cluster is made in a directory of its own and gets its name when it is
# whole: a first start that is interrupted leaves nothing that the second one takes for a cluster.
volume=/var/lib/postgresql
data=$volume/data
new=$volume/new

if [ ! -d "$data" ]; then
  rm -rf "$new"
  umask 077
  printf '%s\n' "$POSTGRES_PASSWORD" > /tmp/password
  initdb --pgdata="$new" --username="$POSTGRES_USER" --pwfile=/tmp/password \
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$new/pg_hba.conf"
  # One user at a time, without a socket: nobody can mistake this for the server being ready.
  if [ "$POSTGRES_DB" != postgres ]; then
    printf 'CREATE DATABASE "%s" OWNER "%s";\n' "$POSTGRES_DB" "$POSTGRES_USER" \
      | postgres --single -D "$new" postgres
  fi
  sync
  mv "$new" "$data"
  sync
fi

unset POSTGRES_PASSWORD
exec postgres -D "$data" -c config_file=/etc/postgresql/postgresql.conf \
  -c hba_file="$data/pg_hba.conf" -c ident_file="$data/pg_ident.conf" "$@"
