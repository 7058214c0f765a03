{
  description = "Task Observatory: a distributed task platform that you can watch work";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
  };

  outputs =
    inputs@{ self, nixpkgs, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        # The command and the dev shell; everything else runs on Linux.
        "aarch64-darwin"
      ];
      context = system: import ./nix/context.nix { inherit inputs system; };
      each = output: nixpkgs.lib.genAttrs systems (system: import output (context system));
    in
    {
      packages = each ./nix/packages;
      apps = each ./nix/apps.nix;
      checks = each ./nix/checks;
      devShells = each ./nix/shell.nix;
      formatter = each ./nix/formatter.nix;
      nixosModules.default = import ./nix/module { inherit self; };
      # The cluster as data: `nix eval --json .#lib.cluster.kind.files`.
      lib.cluster = nixpkgs.lib.genAttrs [ "kind" "production" ] (
        profile: import ./k8s { inherit profile; }
      );
    };
}
