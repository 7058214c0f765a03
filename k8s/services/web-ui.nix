# Shows the page, and asks gateway and read model for it.
{ role, ... }:
role {
  name = "web-ui";
  secrets = [ ];
}
