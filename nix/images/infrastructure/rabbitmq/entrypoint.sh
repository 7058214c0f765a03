# Becomes a broker whose data, cookie and generated files are all below its volume.
data=/var/lib/rabbitmq
mkdir -p "$data/mnesia" "$data/log" "$data/config"

# Written beside its place and moved there: half a cookie would be another one.
umask 077
printf %s "$RABBITMQ_ERLANG_COOKIE" > "$data/.erlang.cookie.new"
chmod 400 "$data/.erlang.cookie.new"
mv -f "$data/.erlang.cookie.new" "$data/.erlang.cookie"

# The user is in no file that is mounted.
{
  cat /etc/rabbitmq/rabbitmq.conf
  echo "default_user = $RABBITMQ_DEFAULT_USER"
  echo "default_pass = $RABBITMQ_DEFAULT_PASS"
} > "$data/config/rabbitmq.conf"

export HOME=$data
export RABBITMQ_CONFIG_FILE=$data/config/rabbitmq.conf
export RABBITMQ_ENABLED_PLUGINS_FILE=/etc/rabbitmq/enabled_plugins
export RABBITMQ_MNESIA_BASE=$data/mnesia
export RABBITMQ_LOG_BASE=$data/log
export RABBITMQ_LOGS=-
export RABBITMQ_GENERATED_CONFIG_DIR=$data/config
export RABBITMQ_PID_FILE=/tmp/rabbitmq.pid

# Processes that the broker starts need not have it.
unset RABBITMQ_ERLANG_COOKIE RABBITMQ_DEFAULT_USER RABBITMQ_DEFAULT_PASS
exec rabbitmq-server "$@"
