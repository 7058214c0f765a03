# Answers questions.
{
  lib,
  values,
  role,
}:
role {
  name = "read-model";
  secrets = [
    (lib.fromSecret "RABBITMQ_URL" values.secrets.bus "url")
    (lib.fromSecret "POSTGRES_URL" values.secrets.jobStore "url")
    (lib.fromSecret "REDIS_URL" values.secrets.liveStats "url")
    (lib.fromSecret "MONGO_URL" values.secrets.eventLog "url")
  ];
}
