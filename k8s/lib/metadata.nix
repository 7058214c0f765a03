# Names and labels.
{ values }:
let
  selector = name: {
    "app.kubernetes.io/name" = name;
    "app.kubernetes.io/part-of" = "observatory";
  };
  labels = name: selector name // { "app.kubernetes.io/managed-by" = "observatory"; };
in
{
  inherit selector labels;

  # An object of the namespace, with what belongs to its kind (`spec`, `data`).
  object =
    apiVersion: kind: name: content:
    {
      inherit apiVersion kind;
      metadata = {
        inherit name;
        inherit (values) namespace;
        labels = labels name;
      };
    }
    // content;
}
