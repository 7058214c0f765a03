# The cluster that the manifests of the small profile are for.
{ pkgs, ... }:
pkgs.writeText "kind-config.yaml" (import ../../k8s/render.nix { profile = "kind"; }).kindConfig
