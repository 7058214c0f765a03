# Name → image. Each has what it runs and nothing else: no package manager, no user that can become root, and in the
# services' no shell.
{ lib, ... }@context:
let
  image = import ./image.nix context;
  service = import ./service.nix (context // { inherit image; });
  infrastructure = import ./infrastructure (context // { inherit image; });
in
lib.mapAttrs service {
  gateway.port = 3000;
  processor.port = 8000;
  metrics-engine.port = 8002;
  read-model.port = 8080;
  web-ui.port = 8081;
}
// infrastructure
