# Counts events and keeps them.
{
  lib,
  values,
  role,
}:
role {
  name = "metrics-engine";
  secrets = [
    (lib.fromSecret "RABBITMQ_URL" values.secrets.bus "url")
    (lib.fromSecret "POSTGRES_URL" values.secrets.jobStore "url")
    (lib.fromSecret "REDIS_URL" values.secrets.liveStats "url")
    (lib.fromSecret "MONGO_URL" values.secrets.eventLog "url")
  ];
}
