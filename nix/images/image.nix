# One image: non-root, no time stamps but the first second of 1970, named by what is in it.
{
  pkgs,
  version,
  ...
}:
{
  name,
  description,
  entrypoint,
  ports,
  contents ? [ ],
  env ? [ ],
  licenses ? "Apache-2.0",
}:
pkgs.dockerTools.buildLayeredImage {
  name = "observatory/${name}";
  inherit contents;
  # Where a pod mounts nothing, there is nothing to write to.
  extraCommands = "mkdir -m 1777 tmp";
  config = {
    Entrypoint = entrypoint;
    User = "65532:65532";
    WorkingDir = "/";
    Env = env;
    ExposedPorts = builtins.listToAttrs (
      map (port: {
        name = "${toString port}/tcp";
        value = { };
      }) ports
    );
    StopSignal = "SIGTERM";
    Labels = {
      "org.opencontainers.image.title" = "observatory-${name}";
      "org.opencontainers.image.description" = description;
      "org.opencontainers.image.version" = version;
      "org.opencontainers.image.licenses" = licenses;
    };
  };
}
