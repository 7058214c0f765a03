# Runs jobs.
{
  lib,
  values,
  role,
}:
role {
  name = "processor";
  secrets = [
    (lib.fromSecret "RABBITMQ_URL" values.secrets.bus "url")
    (lib.fromSecret "POSTGRES_URL" values.secrets.jobStore "url")
  ];
}
