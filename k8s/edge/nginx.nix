# Hosts below `localhost`, which every resolver leads to this machine: no host is under a path that it does not expect.
{ lib, values }:
let
  hosts = {
    observatory = "web-ui:8081";
    api = "gateway:3000";
    read = "read-model:8080";
    grafana = "grafana:3000";
    prometheus = "prometheus:9090";
    alertmanager = "alertmanager:9093";
    rabbitmq = "rabbitmq:15672";
  };
  # Indented as what is inside of `http`.
  indent = line: if line == "" then "" else "  ${line}";
  lines = text: builtins.filter builtins.isString (builtins.split "\n" text);
  indented = text: builtins.concatStringsSep "\n" (map indent (lines text));
  server =
    name:
    indented ''

      server {
        listen 8080;
        server_name ${name}.localhost;
        location / {
          proxy_pass http://${hosts.${name}};
        }
      }
    '';
  ports = [
    {
      name = "http";
      port = 8080;
      access = "edge";
    }
  ];
in
{
  "40-edge.yaml" =
    lib.deployment {
      name = "edge";
      inherit ports;
      values = values.workloads.edge;
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
            listen 8080 default_server;
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
    }
    ++ [
      (lib.clusterService "edge" ports)
      (lib.policy "edge")
    ]
    ++ lib.nodePortService "edge" ports;
}
