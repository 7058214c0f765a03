# The overview: what comes in, what goes out, how long it takes, what waits, what fails, who is there. A panel is a file
# of panels/, placed three in a row in the order of their names.
let
  names = builtins.attrNames (builtins.readDir ./panels);
  target = index: query: {
    refId = builtins.substring index 1 "ABCDEFGH";
    datasource.uid = "prometheus";
    inherit (query) expr legendFormat;
  };
  indices = list: builtins.genList (index: index) (builtins.length list);
  panel =
    index:
    let
      content = import (./panels + "/${builtins.elemAt names index}");
    in
    {
      id = index + 1;
      type = "timeseries";
      inherit (content) title description;
      datasource.uid = "prometheus";
      gridPos = {
        x = 8 * (index - 3 * (index / 3));
        y = 8 * (index / 3);
        w = 8;
        h = 8;
      };
      fieldConfig.defaults = {
        inherit (content) unit;
        min = 0;
        custom = {
          fillOpacity = 8;
          lineWidth = 2;
        };
      };
      options = {
        legend = {
          displayMode = "list";
          placement = "bottom";
        };
        tooltip.mode = "multi";
      };
      targets = map (index: target index (builtins.elemAt content.queries index)) (
        indices content.queries
      );
    };
in
{
  uid = "observatory-overview";
  title = "Task Observatory";
  schemaVersion = 39;
  editable = false;
  refresh = "10s";
  time = {
    from = "now-30m";
    to = "now";
  };
  panels = map panel (indices names);
}
