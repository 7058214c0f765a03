# Name → image. Each has what it runs and nothing else: no package manager, no user that can become root, and in the
# services' no shell.
{ lib, roles, ... }@context:
let
  image = import ./image.nix context;
  service = import ./service.nix (context // { inherit image; });
  infrastructure = import ./infrastructure (context // { inherit image; });
in
lib.genAttrs roles service // infrastructure
