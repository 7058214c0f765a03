{
  pkgs,
  image,
  script,
  ...
}:
image {
  name = "ferretdb";
  description = "The database of events (FerretDB on SQLite)";
  entrypoint = [
    (script "ferretdb" [
      pkgs.coreutils
      pkgs.ferretdb
    ])
  ];
  ports = [ 27017 ];
}
