{
  pkgs,
  image,
  script,
  ...
}:
image {
  name = "postgres";
  description = "The database of jobs";
  licenses = "PostgreSQL";
  entrypoint = [
    (script "postgres" [
      pkgs.coreutils
      pkgs.postgresql_17
    ])
  ];
  ports = [ 5432 ];
  # `initdb` asks who it is; probes ask `pg_isready`.
  contents = [
    pkgs.postgresql_17
    (pkgs.dockerTools.fakeNss.override {
      extraPasswdLines = [ "postgres:x:65532:65532:PostgreSQL:/var/lib/postgresql:/bin/false" ];
      extraGroupLines = [ "postgres:x:65532:" ];
    })
    pkgs.dockerTools.binSh
  ];
  env = [ "LANG=C.UTF-8" ];
}
