{
  title = "Open dead letters";
  description = "Messages that nobody could read and nobody has dealt with.";
  unit = "short";
  queries = [
    {
      expr = "max(read_model_dead_letters_open)";
      legendFormat = "open";
    }
  ];
}
