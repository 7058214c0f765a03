# Tables of plain values as TOML.
let
  value = builtins.toJSON;
  field = table: key: "${key} = ${value table.${key}}\n";
  table =
    tables: name:
    "[${name}]\n"
    + builtins.concatStringsSep "" (map (field tables.${name}) (builtins.attrNames tables.${name}));
in
tables: builtins.concatStringsSep "\n" (map (table tables) (builtins.attrNames tables))
