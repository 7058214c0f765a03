# The event log: FerretDB on SQLite, which is free and small. It goes through all events for most questions; a history of
# more than some ten thousand events wants MongoDB, named by its URL in the Secret.
{ lib, values }:
let
  ports = [
    {
      name = "mongodb";
      port = values.ports.mongodb;
    }
  ];
  variable = name: value: { inherit name value; };
in
{
  "10-ferretdb.yaml" = lib.statefulSet {
    name = "ferretdb";
    inherit ports;
    data = "/var/lib/ferretdb";
    grace = 30;
    env = [
      (variable "FERRETDB_HANDLER" "sqlite")
      (variable "FERRETDB_SQLITE_URL" "file:/var/lib/ferretdb/data/")
      (variable "FERRETDB_STATE_DIR" "/var/lib/ferretdb/state")
      (variable "FERRETDB_LISTEN_ADDR" ":${lib.port "mongodb"}")
      (variable "FERRETDB_DEBUG_ADDR" "-")
      (variable "FERRETDB_TELEMETRY" "disable")
    ];
    probes = lib.probes {
      start = 60;
      alive = lib.tcp "mongodb";
      ready = lib.tcp "mongodb";
    };
  };
}
