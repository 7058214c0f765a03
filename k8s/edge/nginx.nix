# Hosts below `localhost`, which every resolver leads to this machine: no host is under a path that it does not expect.
{ lib, values }:
let
  hosts = {
    observatory = lib.url "web-ui";
    api = lib.url "gateway";
    read = lib.url "read-model";
    grafana = lib.url "grafana";
    prometheus = lib.url "prometheus";
    alertmanager = lib.url "alertmanager";
    rabbitmq = "http://rabbitmq:${lib.port "rabbitmq-management"}";
  };
  # Indented as what is inside of `http`.
  indent = line: if line == "" then "" else "  ${line}";
  lines = text: builtins.filter builtins.isString (builtins.split "\n" text);
  indented = text: builtins.concatStringsSep "\n" (map indent (lines text));
  server =
    name:
    indented ''

      server {
        listen ${lib.port "edge"};
        server_name ${name}.localhost;
        location / {
          proxy_pass ${hosts.${name}};
        }
      }
    '';
  ports = [
    {
      name = "http";
      port = values.ports.edge;
      access = "edge";
    }
  ];
in
{
  "40-edge.yaml" = lib.deployment {
    name = "edge";
    inherit ports;
    grace = 30;
    config."/etc/nginx"."nginx.conf" = ''
      worker_processes 1;
      pid /tmp/nginx.pid;
      error_log /dev/stderr warn;
      events {
        worker_connections 1024;
      }
      http {
        access_log off;
        server_tokens off;
        client_body_temp_path /tmp/body;
        proxy_temp_path /tmp/proxy;
        fastcgi_temp_path /tmp/fastcgi;
        uwsgi_temp_path /tmp/uwsgi;
        scgi_temp_path /tmp/scgi;
        # The largest batch that the gateway takes.
        client_max_body_size 32m;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header Connection "";
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_connect_timeout 2s;
        # Streams of events are passed on as they come, for as long as they go on.
        proxy_buffering off;
        proxy_read_timeout 1h;
        server {
          listen ${lib.port "edge"} default_server;
          location = /healthz {
            return 200 "ok\n";
          }
          location / {
            return 404 "hosts: ${
              builtins.concatStringsSep " " (map (name: "${name}.localhost") (builtins.attrNames hosts))
            }\n";
          }
        }
      ${builtins.concatStringsSep "" (map server (builtins.attrNames hosts))}}
    '';
    probes = lib.probes {
      start = 30;
      alive = lib.http "/healthz" "http";
      ready = lib.http "/healthz" "http";
    };
  };
}
