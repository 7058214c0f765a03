# One file for all roles: each reads the tables that it knows. What is secret comes by variables.
{ lib, values }:
let
  text = lib.toml {
    listen.address = "0.0.0.0";
    log.format = "json";
    shutdown.drain = "${toString values.drain}s";
    retention.keep = values.retention;
    watchers = {
      alertmanager_url = "http://alertmanager:9093";
      prometheus_url = "http://prometheus:9090";
    };
    gateway.max_bodies_bytes = values.maxBodiesBytes;
    web_ui = {
      gateway_url = "http://gateway:3000";
      read_model_url = "http://read-model:8080";
    };
  };
in
{
  inherit text;
  name = "observatory";
  object = lib.configMap "observatory" { "observatory.toml" = text; };
}
