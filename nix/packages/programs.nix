# The command, which runs everywhere, with its completions and manual pages; every service as a program of its own.
{
  lib,
  pkgs,
  workspace,
  roles,
  isLinux,
  version,
  ...
}:
let
  meta = {
    description = "A distributed task platform that you can watch work";
    license = lib.licenses.asl20;
  };

  observatory = workspace.build {
    pname = "observatory";
    package = "observatory";
    directories = [ "observatory" ];
    nativeBuildInputs = [ pkgs.installShellFiles ];
    postInstall = lib.optionalString (pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform) ''
      for shell in bash fish zsh; do
        $out/bin/observatory manual completions $shell > observatory.$shell
      done
      installShellCompletion observatory.{bash,fish,zsh}
      $out/bin/observatory manual pages man
      installManPage man/*
    '';
    meta = meta // {
      mainProgram = "observatory";
    };
  };

  # All roles are one crate with a program for each: they are built together and packed apart.
  together = workspace.build {
    pname = "observatory-roles";
    package = "observatory-roles";
    directories = [ "roles" ];
    inherit meta;
  };

  service =
    name:
    pkgs.runCommand "observatory-${name}-${version}"
      {
        pname = "observatory-${name}";
        inherit version;
        meta = meta // {
          mainProgram = "observatory-${name}";
        };
      }
      ''
        install -D ${together}/bin/observatory-${name} $out/bin/observatory-${name}
      '';
  services = lib.genAttrs roles service;
in
{
  inherit observatory;
  default = observatory;
}
// lib.optionalAttrs isLinux ({ observatory-roles = together; } // services)
