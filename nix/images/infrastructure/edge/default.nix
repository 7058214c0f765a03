# It stays in the foreground and says what it has to say on its output; its files are below /tmp.
{ pkgs, image, ... }:
image {
  name = "edge";
  description = "The one way in";
  licenses = "BSD-2-Clause";
  entrypoint = [
    "${pkgs.nginx}/bin/nginx"
    "-c"
    "/etc/nginx/nginx.conf"
    # Before it has read its file it would complain into its own directory.
    "-e"
    "/dev/stderr"
    "-g"
    "daemon off;"
  ];
  ports = [ 8080 ];
  # It looks itself up, whoever it is.
  contents = [ pkgs.dockerTools.fakeNss ];
}
