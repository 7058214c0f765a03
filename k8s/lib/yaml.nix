# Prints values as YAML for people to read in a review: block style, strings quoted wherever a reader of YAML could take
# them for something else, long texts as literal blocks, what names an object first.
let
  concat = builtins.concatStringsSep;
  first = [
    "apiVersion"
    "kind"
    "metadata"
    "name"
  ];

  keys =
    set:
    let
      present = builtins.filter (key: set ? ${key}) first;
      others = builtins.filter (key: !(builtins.elem key first)) (builtins.attrNames set);
    in
    present ++ others;

  # A word that no reader of YAML takes for a number, a boolean, a date or a part of its own syntax.
  isPlain =
    text:
    builtins.match "[A-Za-z/][A-Za-z0-9_./-]*" text != null
    && !(builtins.elem (lower text) [
      "true"
      "false"
      "null"
      "yes"
      "no"
      "on"
      "off"
      "y"
      "n"
    ]);

  letters =
    text: builtins.genList (index: builtins.substring index 1 text) (builtins.stringLength text);
  upperCase = letters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  lowerCase = letters "abcdefghijklmnopqrstuvwxyz";
  lower = builtins.replaceStrings upperCase lowerCase;

  lines = text: builtins.filter builtins.isString (builtins.split "\n" text);

  # A literal block cannot begin with a space, and keeps the one newline that it ends with.
  isBlock = text: builtins.match ".*[^\n]\n" text != null && builtins.match "[ \n].*" text == null;

  block =
    indent: text:
    let
      all = lines text;
      body = builtins.genList (builtins.elemAt all) (builtins.length all - 1);
      line = content: if content == "" then "" else "${indent}${content}";
    in
    "|\n" + concat "\n" (map line body);

  string =
    indent: text:
    if builtins.length (lines text) > 2 && isBlock text then
      block indent text
    else if isPlain text then
      text
    else
      builtins.toJSON text;

  isEmpty = value: value == { } || value == [ ];
  isNested = value: builtins.isAttrs value || builtins.isList value;

  scalar =
    indent: value:
    if builtins.isString value then
      string indent value
    else if value == { } then
      "{}"
    else if value == [ ] then
      "[]"
    else
      builtins.toJSON value;

  # What follows `key:` or `-`.
  after =
    indent: value:
    if isNested value && !isEmpty value then
      "\n${print indent value}"
    else
      " ${scalar "${indent}" value}";

  print =
    indent: value:
    if builtins.isList value then concat "\n" (map (item indent) value) else fields indent value;

  fields =
    indent: set:
    let
      field =
        key:
        let
          value = set.${key};
          # Lists are not indented below their key, as kubectl prints them.
          below = if builtins.isList value then indent else "${indent}  ";
        in
        "${indent}${string indent key}:${after below value}";
    in
    concat "\n" (map field (keys set));

  # The first field of a mapping stands beside the dash.
  item =
    indent: value:
    if builtins.isAttrs value && !isEmpty value then
      let
        text = fields "${indent}  " value;
        width = builtins.stringLength indent + 2;
      in
      "${indent}- ${builtins.substring width (builtins.stringLength text) text}"
    else
      "${indent}-${after "${indent}  " value}";

  document = value: print "" value + "\n";
in
{
  inherit document;
  documents =
    values: "# Generated from k8s/*.nix; do not edit.\n" + concat "---\n" (map document values);
}
