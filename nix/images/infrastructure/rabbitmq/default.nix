{
  pkgs,
  image,
  script,
  ...
}:
image {
  name = "rabbitmq";
  description = "The message broker";
  licenses = "MPL-2.0";
  entrypoint = [
    (script "rabbitmq" [
      pkgs.coreutils
      pkgs.rabbitmq-server
    ])
  ];
  ports = [
    5672
    15672
    15692
  ];
  # For whoever looks into the pod: rabbitmqctl and its like, and a user with a name.
  contents = [
    pkgs.rabbitmq-server
    pkgs.dockerTools.fakeNss
    pkgs.dockerTools.binSh
  ];
  env = [
    "HOME=/var/lib/rabbitmq"
    "LANG=C.UTF-8"
  ];
}
