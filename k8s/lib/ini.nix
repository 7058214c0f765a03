# Sections of plain values as Grafana reads them.
let
  text = value: if builtins.isString value then value else builtins.toJSON value;
  field = section: key: "${key} = ${text section.${key}}\n";
  section =
    sections: name:
    "[${name}]\n"
    + builtins.concatStringsSep "" (map (field sections.${name}) (builtins.attrNames sections.${name}));
in
sections: builtins.concatStringsSep "\n" (map (section sections) (builtins.attrNames sections))
