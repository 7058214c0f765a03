# One file for all roles: each reads the tables that it knows. What is secret comes by variables.
{ lib, values }:
let
  text = lib.toml {
    listen.address = "0.0.0.0";
    log.format = "json";
    shutdown.drain = "${toString values.drain}s";
    retention.keep = values.retention;
    watchers = {
      alertmanager_url = lib.url "alertmanager";
      prometheus_url = lib.url "prometheus";
    };
    gateway.max_bodies_bytes = values.maxBodiesBytes;
    web_ui = {
      gateway_url = lib.url "gateway";
      read_model_url = lib.url "read-model";
    };
  };
in
{
  inherit text;
  name = "observatory";
  object = lib.configMap "observatory" { "observatory.toml" = text; };
}
