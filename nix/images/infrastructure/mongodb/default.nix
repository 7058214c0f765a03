# MongoDB's own server, for those who accept its licence: it is in no other package, and is built when it is asked for.
{
  pkgs,
  image,
  script,
  ...
}:
image {
  name = "mongodb";
  description = "The database of events (MongoDB)";
  licenses = "SSPL-1.0";
  entrypoint = [
    (script "mongodb" [
      pkgs.coreutils
      pkgs.mongodb-ce
    ])
  ];
  ports = [ 27017 ];
}
