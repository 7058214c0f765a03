# Takes jobs.
{
  lib,
  values,
  role,
}:
role {
  name = "gateway";
  port = 3000;
  secrets = [
    (lib.fromSecret "RABBITMQ_URL" values.secrets.bus "url")
    (lib.fromSecret "POSTGRES_URL" values.secrets.jobStore "url")
    (lib.fromSecret "MONGO_URL" values.secrets.eventLog "url")
  ];
}
