# One server; the majority of one is itself.
mkdir -p /var/lib/mongodb/data
exec mongod --dbpath /var/lib/mongodb/data --bind_ip_all --port 27017 "$@"
