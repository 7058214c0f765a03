# The password is in no argument: those are for everyone to read.
umask 077
{
  echo 'include /etc/redis/redis.conf'
  echo "requirepass $REDIS_PASSWORD"
} > /tmp/redis.conf
unset REDIS_PASSWORD REDISCLI_AUTH
exec valkey-server /tmp/redis.conf "$@"
