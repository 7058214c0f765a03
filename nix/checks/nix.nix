# Nix itself: its style, nothing unused, and the committed manifests as k8s/ says them.
{
  lib,
  pkgs,
  source,
  ...
}:
let
  on =
    name: tools: text:
    pkgs.runCommand "check-${name}" { nativeBuildInputs = tools; } "${text}\ntouch $out";
  rendered =
    profile:
    let
      cluster = import ../../k8s/render.nix { inherit profile; };
    in
    lib.concatStringsSep "\n" (
      lib.mapAttrsToList (
        name: text: "diff -u ${../../k8s/rendered}/${profile}/${name} ${pkgs.writeText name text}"
      ) cluster.files
    );
in
{
  nix-format = on "nix-format" [ pkgs.nixfmt ] ''
    find ${source.nix} -name '*.nix' -print0 | xargs --null nixfmt --check
  '';
  nix-unused = on "nix-unused" [ pkgs.deadnix ] ''
    deadnix --fail ${source.nix}
  '';
  manifests-drift = on "manifests-drift" [ ] (
    lib.concatMapStringsSep "\n" rendered [
      "kind"
      "production"
    ]
  );
}
