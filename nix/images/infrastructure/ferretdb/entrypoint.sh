# It opens files in directories that are there, and makes none itself.
mkdir -p /var/lib/ferretdb/data /var/lib/ferretdb/state
exec ferretdb "$@"
